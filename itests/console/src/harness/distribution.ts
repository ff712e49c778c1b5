import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { untar } from './archive'
import { repository, target } from './paths'

const unpacked = join(target, 'distribution')

/** The archive that is tested: BUSBAR_ARCHIVE, else what the build packaged. */
export function archive(): string {
  const given = process.env.BUSBAR_ARCHIVE
  if (given !== undefined && given !== '') return given
  const folder = join(repository, 'karaf-distribution', 'target')
  const archives = existsSync(folder)
    ? readdirSync(folder)
        .filter(name => name.endsWith('.tar.gz'))
        .map(name => join(folder, name))
    : []
  if (archives.length !== 1) {
    throw new Error(
      `Expected one distribution archive in ${folder}, found ${archives.length}. ` +
        'Build it first: ./mvnw -DskipTests package -pl karaf-distribution -am',
    )
  }
  return archives[0]!
}

/** Unpacks the archive into target/distribution, again only when the archive is another one. */
export function unpackDistribution(): void {
  const file = archive()
  const { size, mtimeMs } = statSync(file)
  const stamp = `${file} ${size} ${mtimeMs}`
  const stampFile = join(unpacked, '.unpacked-from')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  rmSync(unpacked, { recursive: true, force: true })
  mkdirSync(unpacked, { recursive: true })
  untar(file, unpacked)
  chmodSync(unpacked, 0o755)
  writeFileSync(stampFile, stamp)
}

/** The folder inside the archive. */
export function distributionHome(): string {
  const folders = readdirSync(unpacked).filter(name => statSync(join(unpacked, name)).isDirectory())
  if (folders.length !== 1) throw new Error(`Expected one folder in the archive, found: ${folders.join(', ')}`)
  return join(unpacked, folders[0]!)
}

/** The script that starts the server, the same as in the repository's root. */
export function launcher(): string {
  for (const place of ['busbar', 'bin/busbar']) {
    const path = join(distributionHome(), place)
    if (existsSync(path)) return path
  }
  throw new Error(`No script named busbar in ${distributionHome()} or its bin folder`)
}
