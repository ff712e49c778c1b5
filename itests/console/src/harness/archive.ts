import { spawnSync } from 'node:child_process'

/** Unpacks a tar archive, compressed or not, into a folder that is there. */
export function untar(file: string, folder: string): void {
  const tar = spawnSync('tar', ['-xf', file, '-C', folder, '--no-same-owner'], { encoding: 'utf8' })
  if (tar.error !== undefined) throw new Error('The tests unpack archives with tar, which is not installed', { cause: tar.error })
  if (tar.status !== 0) throw new Error(`tar -xf ${file}: ${tar.stderr}`)
}
