import { useNodeByPath } from '../../api/queries'
import { oddPath, pathProblem } from './model'

/**
 * Why there can be no node at a path, or undefined. Names of nodes that are there already may be such as new ones cannot be,
 * so if a level of the path is, the server is asked whether it is there.
 */
export function usePathProblem(path: string): string | undefined {
  const odd = oddPath(path)
  const there = useNodeByPath(odd).data !== undefined
  return pathProblem(path, there ? odd : undefined)
}
