import { downloadBlob } from '../../api/client'
import { saveBlob } from '../../ui/basics'
import { toast } from '../../ui/toast'

/** Saves a branch, or everything, as a file that can be imported again. */
export function exportBranch(path: string | undefined): void {
  downloadBlob(`/namespace/export${path ? `?path=${encodeURIComponent(path)}` : ''}`).then(
    (file) => saveBlob(`${path ? path.replaceAll('/', '_') : 'namespace'}.json`, file),
    (error: Error) => toast({ kind: 'error', text: error.message }),
  )
}
