/** Keys of what the server knows, so that one place decides what goes stale with what. */
export const keys = {
  broker: ['broker'] as const,
  stats: ['stats'] as const,
  memory: ['memory'] as const,
  clients: ['clients'] as const,
  connections: ['connections'] as const,
  credentials: ['credentials'] as const,
  rejections: ['rejections'] as const,
  namespace: ['namespace'] as const,
}
