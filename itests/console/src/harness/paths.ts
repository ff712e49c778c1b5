import { fileURLToPath } from 'node:url'
import { join, resolve } from 'node:path'

/** `itests/console`. */
export const moduleFolder = resolve(fileURLToPath(import.meta.url), '../../..')
export const repository = resolve(moduleFolder, '../..')
export const target = join(moduleFolder, 'target')
export const samples = join(moduleFolder, 'samples')
