/** The script of the pages, as text: renews `<main>`, sorts and filters. */

/**
 * The page's script. It renews `<main>` in place: what has the focus, is scrolled or is open stays so, since elements are
 * changed rather than replaced. Rows are matched by `data-key`.
 */
export const SCRIPT = `'use strict';
(() => {
  const live = document.getElementById('live');
  const notice = document.getElementById('notice');
  const pause = document.getElementById('pause');
  document.documentElement.classList.add('js');
  let timer = 0;
  let asked = 0;
  let paused = false;
  let lastSeen = new Date();

  const keyOf = (node) => (node.nodeType === 1 ? node.dataset.key || node.id || null : null);
  const isAlike = (a, b) => a && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

  function morph(old, fresh) {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    const keeps = (name) => name === 'open' && old.nodeName === 'DETAILS';
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !keeps(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morphChildren(old, fresh);
  }

  function morphChildren(old, fresh) {
    const keyed = new Map();
    for (const child of old.children) if (keyOf(child)) keyed.set(keyOf(child), child);
    let place = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const known = keyOf(next) ? keyed.get(keyOf(next)) : place;
      if (!isAlike(known, next)) {
        old.insertBefore(next, place);
        continue;
      }
      if (known === place) place = place.nextSibling;
      else old.insertBefore(known, place);
      morph(known, next);
    }
    while (place) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
  }

  function tell(text) {
    if (notice.textContent !== text) notice.textContent = text;
  }

  async function renew() {
    clearTimeout(timer);
    const turn = ++asked;
    try {
      const answer = await fetch(live.dataset.url + location.search, { cache: 'no-store', signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (turn !== asked) return;
      const assets = fresh.getElementById('about').dataset.assets;
      if (assets !== document.getElementById('about').dataset.assets) return location.reload();
      morphChildren(live, fresh.body);
      lastSeen = new Date();
      tell('');
    } catch {
      if (turn !== asked) return;
      tell('The exporter does not answer; this is how it was at ' + lastSeen.toLocaleTimeString() + '. Trying again.');
    }
    if (turn === asked) arm();
  }

  function arm() {
    clearTimeout(timer);
    if (!paused && !document.hidden) timer = setTimeout(renew, Number(document.getElementById('about').dataset.seconds) * 1000);
  }

  function show(address) {
    history.replaceState(null, '', address);
    return renew();
  }

  document.addEventListener('visibilitychange', () => {
    if (!paused && !document.hidden) renew();
  });

  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Resume' : 'Pause';
    if (paused) clearTimeout(timer);
    else renew();
  });

  live.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-copy]');
    if (button) return void copy(button);
    const link = event.target.closest('a[data-live]');
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link.getAttribute('href'));
  });

  function filter() {
    const query = new URLSearchParams(location.search);
    const text = document.getElementById('q').value.trim();
    if (text) query.set('q', text);
    else query.delete('q');
    query.delete('page');
    show('?' + query);
  }

  function copyByHand(text) {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    if (!isCopied) throw new Error('not copied');
  }

  async function copy(button) {
    try {
      if (navigator.clipboard) await navigator.clipboard.writeText(button.dataset.copy);
      else copyByHand(button.dataset.copy);
      tell('Copied ' + button.dataset.copy);
    } catch {
      tell('Copying is not possible here: select the text instead.');
    }
    button.focus();
    setTimeout(() => tell(''), 4000);
  }

  let typing = 0;
  live.addEventListener('input', (event) => {
    if (event.target.id !== 'q') return;
    clearTimeout(typing);
    typing = setTimeout(filter, 150);
  });
  live.addEventListener('submit', (event) => {
    event.preventDefault();
    if (document.getElementById('q')) filter();
    else show('?' + new URLSearchParams(new FormData(event.target)));
  });
  live.addEventListener('change', (event) => {
    const form = event.target.closest('form[data-submit]');
    if (form) form.requestSubmit();
  });

  arm();
})();
`;
