#!/bin/bash
# Tries the sections of docs/operate/slurm.md on a real SLURM with one node. The same sweep is computed by 10 tasks
# that reach a farm through TLS with an access file, by 10 tasks without a network, and by one `driftfarm run`. All
# three must give the same digests. Tasks that are cancelled or run out of time must lose nothing.
#
#   npm run setup && infra/slurm/try.sh          # as root, on Debian; installs SLURM, munge and PostgreSQL if needed
#
# Everything is in one folder and belongs to one user. Both are removed at the end (KEEP=1 keeps the folder).
# shellcheck disable=SC2016 # what single quotes keep is for the shell of the user, or for PostgreSQL
set -euo pipefail

[ "$(id -u)" = 0 ] || { echo 'try.sh: must be root, for slurmd' >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
base=$(mktemp -d /tmp/slurm-try-XXXXXX)
user=slurmtry
host=$(hostname -s)
port=55733
started=()
say() { echo "try.sh: $*"; }

# shellcheck disable=SC2317 # called by the trap
clean() {
  set +e
  scancel --user "$user" --quiet 2>/dev/null && sleep 2
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null; done
  [ -d "$base/pg/data" ] && postgres pg_ctl -D "$base/pg/data" -m fast stop >"$base/log/pg_ctl" 2>&1
  userdel "$user" 2>/dev/null
  if [ -n "${KEEP:-}" ]; then say "logs are in $base"; else rm -rf "$base"; fi
}

install_missing() {
  local packages=()
  type slurmctld slurmd munged openssl >/dev/null 2>&1 || packages+=(slurm-wlm munge openssl)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
  [ ${#packages[@]} = 0 ] && return
  say "installing ${packages[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

# The newest installed version, run as its own user.
postgres() {
  local bin
  bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
  runuser -u postgres -- "$bin/$1" "${@:2}"
}

# Waits until a command succeeds, at most 30 s.
until_ok() {
  for _ in $(seq 60); do "$@" >/dev/null 2>&1 && return; sleep 0.5; done
  say "does not get ready: $*" >&2
  return 1
}

start_slurm() {
  install -d -o munge -g munge -m 0755 "$base/munge"
  dd if=/dev/urandom of="$base/munge/key" bs=128 count=1 status=none
  chown munge: "$base/munge/key" && chmod 0400 "$base/munge/key"
  runuser -u munge -- munged --foreground --key-file="$base/munge/key" --socket="$base/munge/socket" \
    --pid-file="$base/munge/pid" --seed-file="$base/munge/seed" >"$base/log/munged" 2>&1 &
  started+=($!)
  until_ok test -S "$base/munge/socket"
  mkdir "$base/slurm" "$base/slurm/state" "$base/slurm/spool"
  cat >"$base/slurm/slurm.conf" <<CONF
ClusterName=try
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthInfo=socket=$base/munge/socket
SlurmctldPort=16917
SlurmdPort=16918
StateSaveLocation=$base/slurm/state
SlurmdSpoolDir=$base/slurm/spool
SlurmctldPidFile=$base/slurm/slurmctld.pid
SlurmdPidFile=$base/slurm/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=24 RealMemory=24000
PartitionName=try Nodes=ALL Default=YES
CONF
  echo 'CgroupPlugin=disabled' >"$base/slurm/cgroup.conf"
  export SLURM_CONF=$base/slurm/slurm.conf
  slurmctld -D >"$base/log/slurmctld" 2>&1 & started+=($!)
  slurmd -D >"$base/log/slurmd" 2>&1 & started+=($!)
  until_ok eval 'sinfo --noheader --format %T | grep -q idle'
}

certificates() {
  cd "$base"
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Authority of a try' -keyout ca.key -out ca.pem
  openssl req -newkey rsa:2048 -nodes -subj '/CN=localhost' -keyout server.key -out server.csr
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out server.pem \
    -extfile <(echo 'subjectAltName=DNS:localhost')
}

start_postgres() {
  install -d -o postgres -m 0700 "$base/pg"
  postgres initdb -D "$base/pg/data" --auth-local=peer >"$base/log/initdb" 2>&1
  install -o postgres -m 0600 "$base/server.key" "$base/server.pem" "$base/pg/data/"
  printf '%s\n' "port = $port" "unix_socket_directories = '$base/pg'" 'ssl = on' "ssl_cert_file = 'server.pem'" \
    "ssl_key_file = 'server.key'" >>"$base/pg/data/postgresql.conf"
  # Workers may connect only through TLS, whatever the access file says.
  printf '%s\n' 'local all postgres peer' 'hostssl driftfarm +driftfarm_worker all scram-sha-256' \
    'host driftfarm driftfarm 127.0.0.1/32 scram-sha-256' >"$base/pg/data/pg_hba.conf"
  postgres pg_ctl -D "$base/pg/data" -l "$base/pg/log" -w start >/dev/null
  ask "create role driftfarm login createrole password 'try'" postgres
  ask 'create database driftfarm owner driftfarm' postgres
}
ask() { postgres psql -h "$base/pg" -p "$port" -qAt -c "$1" "${2:-driftfarm}"; }

farm=(env "DATABASE_URL=postgres://driftfarm:try@127.0.0.1:$port/driftfarm" "DRIFTFARM_HOME=$base/operator")
operator() { "${farm[@]}" driftfarm "$@"; }
# An ordinary user of the cluster, without special rights.
as_user() {
  runuser -u "$user" -- env -i HOME="$base/home" PATH="$PATH" SLURM_CONF="$SLURM_CONF" bash -euc "cd; umask 077; $1"
}
digests() {
  node -e 'const { cells } = JSON.parse(require("fs").readFileSync(0, "utf8")).data
    for (const { id, trials, digest } of cells) console.log(id, trials, digest)'
}
# Number of tasks of a job array that SLURM counts as completed.
completed() { scontrol show job "$1" --oneliner | grep -c 'JobState=COMPLETED' || true; }

mkdir "$base/log" "$base/bin" && chmod 0755 "$base"
trap clean EXIT
install_missing
ln -s "$root/packages/cli/bin/driftfarm.js" "$base/bin/driftfarm"
export PATH=$base/bin:$PATH
unset DATABASE_URL REDIS_URL DRIFTFARM_URL DRIFTFARM_ACCESS DRIFTFARM_HOME
useradd --no-create-home --home-dir "$base/home" "$user"
install -d -o "$user" -m 0700 "$base/home" "$base/home/net"
start_slurm
as_user 'driftfarm --version' >/dev/null || { say "$user must be able to read $root" >&2; exit 2; }
certificates >"$base/log/openssl" 2>&1
start_postgres
operator db migrate >"$base/log/migrate" 2>&1
# Not through the function: the signal would end its shell only.
"${farm[@]}" driftfarm coordinator --no-http >"$base/log/coordinator" 2>&1 & started+=($!)
(umask 077; operator access --role worker --name cluster --server "localhost:$port" --ca "$base/ca.pem" \
  >"$base/home/access.json" 2>"$base/log/access")
sed -e 's/^name: .*/name: try/' -e 's/steps: 1000/steps: 10000/' -e 's/^trials: .*/trials: 20000/' \
  "$root/examples/double-well.yaml" >"$base/home/try.yaml"
cp "$base/ca.pem" "$root/infra/slurm/worker.sbatch" "$base/home/"
chown "$user" "$base"/home/*
chmod 0600 "$base/home/access.json"

say 'one machine'
as_user 'DRIFTFARM_HOME=$HOME/laptop driftfarm run try.yaml --json 2>run.log' | digests >"$base/laptop"

say '10 tasks through the network, some of them cut short'
operator run "$base/home/try.yaml" --detach >/dev/null 2>&1
worker='cd net; export DRIFTFARM_ACCESS=$HOME/access.json; sbatch --parsable --cpus-per-task=1 --time=10'
cut=$(as_user "$worker --array=11-13 ../worker.sbatch --time-limit 40s")
array=$(as_user "$worker --array=1-10 ../worker.sbatch --idle-timeout 10s")
until_ok grep -q ready "$base/home/net/driftfarm-${cut}_11.log"
scancel "${cut}_11"
until_ok grep -q ready "$base/home/net/driftfarm-${array}_1.log"
sessions=$(ask 'select string_agg(distinct version, $$,$$) from pg_stat_ssl join pg_stat_activity using (pid)
  where starts_with(usename, $$driftfarm_worker_$$)')
operator watch try >"$base/log/watch" 2>&1
as_user "sbatch --wait --dependency=afterany:$array:$cut --output=/dev/null --wrap true" >/dev/null
operator results try --json 2>/dev/null | digests >"$base/network"
operator verify try >"$base/log/verify" 2>&1 && verified=yes || verified=no

say '10 tasks without a network'
as_user "driftfarm slurm try.yaml --shards --cpus 1 --time 10m >job.sh 2>slurm.log
  sed -i -e 's/^\(#SBATCH --array=1-\).*/\110/' -e 's#TASK_ID/[0-9]*#TASK_ID/10#' job.sh"
shards=$(as_user 'sbatch --parsable --wait job.sh')
as_user 'DRIFTFARM_HOME=$HOME/merged driftfarm db import try-*.driftfarm >import.log 2>&1
  DRIFTFARM_HOME=$HOME/merged driftfarm results try --json 2>/dev/null' | digests >"$base/shards"

tasks=$(($(completed "$array") + $(completed "$shards")))
failed=0
check() { say "$1: $2"; [ "$2" = "$3" ] || failed=1; }
check 'tasks that ended well, of 20' "$tasks" 20
check 'left when nothing was left to do' "$(cat "$base"/home/net/driftfarm-"$array"_*.log | grep -c 'nothing to do')" 10
check 'left when their time was over' "$(cat "$base"/home/net/driftfarm-"$cut"_1[23].log | grep -c 'its time ')" 2
check 'drained when cancelled' "$(grep -c draining "$base/home/net/driftfarm-${cut}_11.log")" 1
check 'sessions of workers, by pg_stat_ssl' "$sessions" TLSv1.3
check 'nothing lost, by verify' "$verified" yes
equal=equal
for other in network shards; do cmp -s "$base/laptop" "$base/$other" || equal="different ($other)"; done
[ "$(wc -l <"$base/laptop")" = 21 ] || equal='missing on one machine'
[ "$equal" = equal ] || failed=1
say "$tasks of 20 tasks, digests $equal"
exit $failed
