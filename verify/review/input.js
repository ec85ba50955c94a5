// SPDX-License-Identifier: GPL-3.0-or-later
//
// Print, keys, pointer, and the start.

// ----------------------------------------------------------------------------------------- print

function fillPrint() {
  const head = ['printPage', 'printKind', 'expected', 'seen', 'corrected', 'printState'];
  const rows = model.byPlace.map(finding => {
    const holder = holderOf(finding), parts = comparison(finding, 0);
    return make('tr', {}, make('td', {}, String(finding.page.n)),
      make('td', {}, kindWords(finding.kind)[1]), make('td', { lang: 'ja' }, ...parts.expected),
      make('td', { lang: 'ja' }, ...parts.seen),
      make('td', { lang: 'ja' }, ...isCorrected(holder) ? correctedText(holder) : []),
      make('td', {}, stateBadge(stateOf(finding))));
  });
  $('print').replaceChildren(make('h1', {}, `${w('printTitle')} ${model.document}`),
    make('p', {}, [$('progress-text').textContent, $('agreement').textContent].join(w('between'))),
    make('table', {}, make('thead', {}, make('tr', {},
      ...head.map(name => make('th', { scope: 'col' }, w(name))))), make('tbody', {}, ...rows)));
}

// ------------------------------------------------------------------------------------------ keys

const COMMANDS = {
  enter: confirmAndNext,
  r: () => setState('again', 'saidAgain'),
  u: () => setState('unseen', 'saidUnseen'),
  t: take,
  e: edit,
  o: backToOriginal,
  z: undo,
  j: () => walk(1),
  k: () => walk(-1),
  arrowdown: () => inTextPane() ? walkZones(1) : walk(1),
  arrowup: () => inTextPane() ? walkZones(-1) : walk(-1),
  home: () => walk(-view.items.length),
  end: () => walk(view.items.length),
  '/': () => { showTab('list'); $('search').focus(); $('search').select(); },
  '+': () => stepZoom(1),
  '=': () => stepZoom(1),
  '-': () => stepZoom(-1),
  0: () => setZoom(1),
  '?': () => $('help-dialog').showModal(),
  escape: () => { showTab('list'); $('list').focus(); },
};

const inTextPane = () => $('texts').contains(document.activeElement);
const isField = element => element.matches('input:not([type=checkbox]), textarea, select');

function editorKey(event) {
  if (event.key === 'Escape') {
    leaveEditor();
  } else if (event.key === 'Enter' && event.ctrlKey) {
    saveEdit();
    confirmAndNext();
  } else if (event.key === 'Enter') {
    saveEdit();
  } else {
    return;
  }
  event.preventDefault();
}

function fieldKey(event) {
  if (event.key === 'Escape' || (event.key === 'Enter' && event.target === $('search'))) {
    event.preventDefault();
    $('list').focus();
    if (event.key === 'Enter' && view.items.length && view.index < 0) {
      walk(1);
    }
  }
}

/** Keys that the element under the focus needs itself: scrolling, pressing, choosing. */
function isOwnKey(event, name) {
  const target = event.target;
  const scrolls = ['arrowdown', 'arrowup', 'home', 'end'].includes(name);
  return (name === 'enter' && target.matches('button, a, input, summary'))
    || (scrolls && (target.matches('input') || target === $('pictures') || target === $('panel-body')))
    || (['home', 'end'].includes(name) && inTextPane());
}

function commandOf(event) {
  const name = event.key.normalize('NFKC').toLowerCase();
  const isSingle = characters(name).length === 1;
  if (event.altKey || event.metaKey || event.ctrlKey || (isSingle && !settings.keys)
      || isOwnKey(event, name)) {
    return null;
  }
  if (name === 'enter' && event.shiftKey) {
    return () => { if (take()) { confirmAndNext(); } };
  }
  return COMMANDS[name] || null;
}

function keyPressed(event) {
  if (event.isComposing || event.keyCode === 229 || document.querySelector('dialog[open]')) {
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    exportChoices();
  } else if (event.target === $('editor')) {
    editorKey(event);
  } else if (event.target instanceof Element && isField(event.target)) {
    fieldKey(event);
  } else {
    const command = commandOf(event);
    if (command) {
      event.preventDefault();
      command();
    }
  }
}

// ----------------------------------------------------------------------------------- the pointer

/** A pressed button gives the focus back to the list, so that keys go on from there. */
function onPress(id, action) {
  $(id).addEventListener('click', event => {
    action();
    if (event.detail > 0 && !editing && !document.querySelector('dialog[open]')) {
      $('list').focus({ preventScroll: true });
    }
  });
}

function itemOfElement(element) {
  const marked = element.closest('[data-mark]');
  if (marked) {
    return model.findingByKey.get(marked.dataset.mark);
  }
  const placed = element.closest('[data-finding], [data-zone]');
  if (!placed) {
    return null;
  }
  return placed.dataset.finding !== undefined ? model.findingByKey.get(placed.dataset.finding)
    : model.zoneByKey.get(placed.dataset.zone);
}

function pressedIn(pane, event) {
  const item = itemOfElement(event.target);
  if (!item || String(window.getSelection()).length) {
    return;
  }
  if (item.isFinding) {
    select(item);
  } else {
    selectZone(item);
  }
  if (pane === $('texts')) {
    focusZone(item);
  }
}

function showTab(name) {
  document.body.dataset.tab = name;
  document.querySelectorAll('.tabs [data-tab]').forEach(button => {
    button.setAttribute('aria-pressed', button.dataset.tab === name);
  });
  if (view.selected) {
    showSelection(false);
    showCrop(view.selected);
  }
  showList({ follow: true });
}

// ------------------------------------------------------------------------------------------ start

function listenToLists() {
  $('list').addEventListener('scroll', () => showList({}), { passive: true });
  $('list').addEventListener('click', event => {
    const row = event.target.closest('.row');
    if (row) {
      select(view.items[Number(row.dataset.index)]);
    }
  });
  for (const id of ['filter-kind', 'filter-state', 'filter-confidence', 'sort']) {
    $(id).addEventListener('change', filtersChanged);
  }
  for (const id of ['search', 'filter-page']) {
    $(id).addEventListener('input', filtersChanged);
  }
  $('mode-findings').addEventListener('click', () => setMode('findings'));
  $('mode-zones').addEventListener('click', () => setMode('zones'));
  onPress('found-elsewhere', () => setMode('zones'));
  onPress('clear-filters', clearFilters);
}

function listenToActions() {
  onPress('act-confirm', confirmAndNext);
  onPress('act-again', COMMANDS.r);
  onPress('act-unseen', COMMANDS.u);
  onPress('act-take', take);
  onPress('act-edit', edit);
  onPress('act-original', backToOriginal);
  onPress('act-previous', () => walk(-1));
  onPress('act-next', () => walk(1));
  $('editor-confirm').addEventListener('click', () => { saveEdit(); confirmAndNext(); });
  $('editor-save').addEventListener('click', saveEdit);
  $('editor-leave').addEventListener('click', leaveEditor);
  $('editor').addEventListener('input', fitEditor);
}

function listenToPanes() {
  for (const pane of [$('pictures'), $('texts')]) {
    driveFrom(pane);
    pane.addEventListener('click', event => pressedIn(pane, event));
  }
  $('zoom-in').addEventListener('click', () => stepZoom(1));
  $('zoom-out').addEventListener('click', () => stepZoom(-1));
  $('zoom-fit').addEventListener('click', () => setZoom(1));
  $('page-jump').addEventListener('change', () => goToPage(model.pages[Number($('page-jump').value)]));
  $('strip').addEventListener('click', event => {
    if (event.target.dataset.page !== undefined) {
      goToPage(model.pages[Number(event.target.dataset.page)]);
    }
  });
  document.querySelectorAll('.tabs [data-tab]').forEach(button => {
    button.addEventListener('click', () => showTab(button.dataset.tab));
  });
}

function listenToSetting(id, name, apply) {
  $(id).checked = settings[name];
  apply();
  $(id).addEventListener('change', () => {
    settings[name] = $(id).checked;
    apply();
    saveSettings();
  });
}

function listenToTools() {
  $('export').addEventListener('click', exportChoices);
  $('import').addEventListener('click', () => $('import-file').click());
  $('import-file').addEventListener('change', async () => {
    const [file] = $('import-file').files;
    if (file) {
      importText(await file.text());
      $('import-file').value = '';
    }
  });
  $('language').addEventListener('click', () => {
    setLanguage(settings.language === 'ja' ? 'en' : 'ja');
    saveSettings();
    say('saidLanguage');
  });
  $('help').addEventListener('click', COMMANDS['?']);
  document.querySelectorAll('[data-close]').forEach(button => {
    button.addEventListener('click', () => $(button.dataset.close).close());
  });
  listenToSetting('keys-on', 'keys', () => {});
  listenToSetting('scroll-together', 'together', () => {});
  listenToSetting('show-agreeing', 'agreeing', () => {
    document.body.classList.toggle('hides-agreeing', !settings.agreeing);
  });
}

function listenToWindow() {
  document.addEventListener('keydown', keyPressed);
  window.addEventListener('beforeprint', fillPrint);
  window.addEventListener('afterprint', () => $('print').replaceChildren());
  window.addEventListener('resize', () => {
    showList({ follow: true });
    showCrop(view.selected);
    showSelection(); // its page may stand elsewhere now
  });
  window.addEventListener('storage', event => {
    if (event.key === storageKey) {
      loadChoices();
      rebuildPages();
      showAll();
    }
  });
  window.addEventListener('beforeunload', event => {
    if (unsaved && !storage) {
      event.preventDefault();
    }
  });
}

function start() {
  storage = openStorage();
  loadChoices();
  settings = { ...settings, ...(storage && readStored(SETTINGS)) };
  if (!WORDS[settings.language]) {
    settings.language = /^ja\b/i.test(navigator.language || '') ? 'ja' : 'en';
  }
  $('storage-warning').hidden = Boolean(storage);
  $('self-check').hidden = !model.self_check;
  $('document-name').textContent = model.document;
  $('document-name').title = [model.document, model.source].filter(Boolean).join(' ← ');
  setLanguage(settings.language);
  listenToLists();
  listenToActions();
  listenToPanes();
  listenToTools();
  listenToWindow();
  const first = view.items.find(item => stateOf(item) !== 'confirmed') || view.items[0];
  if (first) {
    select(first);
  } else {
    setMode('zones');
    select(view.items[0] || null);
  }
  $('list').focus();
  document.body.classList.add('is-ready');
}

start();
