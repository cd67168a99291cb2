/** There is no Redis here and none could be installed: the message says why. */
export declare class RedisUnavailable extends Error {
    readonly name = "RedisUnavailable";
}
export interface PrivateRedis {
    readonly url: string;
    /** SIGKILL, as a crash would. */
    kill(): Promise<void>;
    /** Starts it again on the same port and folder. */
    restart(): Promise<void>;
    /** SIGSTOP and SIGCONT. */
    freeze(): void;
    thaw(): void;
    close(): Promise<void>;
}
export interface RedisOptions {
    /** Keep an append-only file, written at every command: a killed server comes back with all it knew. */
    readonly aof?: boolean;
    readonly policy?: string;
    /** Bytes. */
    readonly maxmemory?: number;
}
/** A Redis of the test's own: a child process on a free loopback port that ends with `close()`, or with this process. */
export declare function startRedis(options?: RedisOptions): Promise<PrivateRedis>;
/**
 * A Redis, or the reason why there is none. With CI set a missing Redis is an error: there the tests must run.
 */
export declare function redisOrReason(options?: RedisOptions): Promise<PrivateRedis | string>;
