import type { Screen } from '../harness/browser'

export class UnsPage {
  constructor(private readonly screen: Screen) {}
  private get page() {
    return this.screen.page
  }
}
