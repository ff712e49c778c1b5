// Before the first paint, so that nobody who chose dark sees a white flash. The console itself takes over later.
(function () {
  var theme = 'system'
  try {
    theme = localStorage.getItem('busbar.theme') || 'system'
  } catch (e) {
    // Storage is switched off: the system's choice it is.
  }
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
