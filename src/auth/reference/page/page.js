// Shows the document that lies beside this page. Nothing on it asks another server: no fonts, no proxy, no assistant, no telemetry.
// Requests that are tried out go straight to the branch, with the cookies of this browser.
Scalar.createApiReference('#reference', {
  url: document.querySelector('link[rel=describedby]').href,
  proxyUrl: '',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  persistAuth: false,
  defaultOpenFirstTag: true,
});
