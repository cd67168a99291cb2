export function Progress({ share, label }: { readonly share: number; readonly label: string }) {
  return (
    <progress className="progress" max={1} value={share} aria-label={label} title={`${Math.floor(share * 100)} %`}>
      {Math.floor(share * 100)} %
    </progress>
  )
}
