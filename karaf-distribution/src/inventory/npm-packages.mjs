// Lists the npm packages that are in the console: name, version, licence, file of its text, divided by tabs.
// usage: node npm-packages.mjs CONSOLE OUT
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const [console_, out] = process.argv.slice(2)
const lock = JSON.parse(readFileSync(join(console_, 'package-lock.json'), 'utf8'))
const lines = []
for (const [place, entry] of Object.entries(lock.packages)) {
  if (place === '' || entry.dev || entry.devOptional || entry.optional || entry.peer) continue
  const folder = join(console_, place)
  const own = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const text = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name)) ?? 'package.json'
  lines.push([own.name, own.version, own.license, join(folder, text)].join('\t'))
}
mkdirSync(dirname(out), { recursive: true })
writeFileSync(out, lines.sort().join('\n') + '\n')
