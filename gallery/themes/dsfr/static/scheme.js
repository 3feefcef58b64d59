// Light or dark as the visitor's system, before the page is painted. The DSFR's stylesheet asks the root for it.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const tell = () => document.documentElement.setAttribute('data-fr-theme', dark.matches ? 'dark' : 'light');
  dark.addEventListener('change', tell);
  tell();
})();
