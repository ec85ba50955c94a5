// SPDX-License-Identifier: GPL-3.0-or-later
//
// The language, what is being looked at, and how far the work has come.

// ----------------------------------------------------------------------------- language and words

let settings = { language: null, keys: true, agreeing: true, together: true };

/** The word, with {name} replaced. */
function w(name, values = {}) {
  const word = WORDS[settings.language][name];
  return word.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? '');
}

const kindWords = kind => WORDS[settings.language].kinds[kind] || ['?', kind, ''];
const pageWords = page => page.label && page.label !== String(page.n)
  ? w('pageLabel', { n: page.n, label: page.label }) : w('page', { n: page.n });

/** What a look says, as a sentence where it is none of text that was read. */
function saidBy(look) {
  if (!look.says) {
    return LOOKS_OF_NOTHING.includes(look.by) ? w('saysNothing') : '';
  }
  const phrase = !LOOKS_OF_TEXT.includes(look.by)
    && PHRASES.find(({ pattern }) => pattern.test(look.says));
  return phrase ? look.says.replace(phrase.pattern, phrase[settings.language])
    .replaceAll(/(?<![\d.])2\.00/g, NO_EXAMPLE[settings.language]) : w('says', { text: look.says });
}

function say(name, values) {
  $('status').textContent = w(name, values);
}

function saveSettings() {
  if (storage) {
    keep(SETTINGS, settings);
  }
}

function setLanguage(language) {
  settings.language = language;
  document.documentElement.lang = language;
  document.title = w('title', { document: model.document });
  document.querySelectorAll('[data-t]').forEach(element => {
    element.textContent = w(element.dataset.t);
  });
  for (const name of ['label', 'placeholder']) {
    document.querySelectorAll(`[data-t-${name}]`).forEach(element => element.setAttribute(
      name === 'label' ? 'aria-label' : name, w(element.getAttribute(`data-t-${name}`))));
  }
  $('language').textContent = w('otherLanguage');
  $('language').lang = w('otherLanguageCode');
  $('agreement').textContent = typeof model.agreement === 'number'
    ? w('agreement', { percent: percent(model.agreement, 2) }) : '';
  fillFilters();
  fillHelp();
  fillPageJump();
  rebuildPages();
  showAll();
}

const badge = (kind, word = true) => make('span', { class: `badge ${groupOf(kind)}` },
  make('span', { class: 'mark', 'aria-hidden': 'true' }, kindWords(kind)[0]),
  word ? make('span', {}, kindWords(kind)[1]) : hidden(kindWords(kind)[1]));

const stateBadge = state => make('span', { class: `state ${state}` },
  make('span', { 'aria-hidden': 'true' }, STATE_MARKS[state]), ' ', w(state));

function groupOf(kind) {
  const groups = { page: 'g-place', digit: 'g-digit', missing: 'g-place', order: 'g-place',
    neighbour: 'g-place', doubled: 'g-place', 'text-without-ink': 'g-ink', 'ink-without-text': 'g-ink',
    text: 'g-text', variant: 'g-mild', width: 'g-mild', agrees: 'g-agrees' };
  return groups[kind] || 'g-unchecked';
}

function fillHelp() {
  const rows = [['Enter', 'keyConfirm'], ['Shift+Enter', 'keyTakeConfirm'], ['r', 'keyAgain'],
    ['u', 'keyUnseen'], ['t', 'keyTake'], ['e', 'keyEdit'], ['o', 'keyOriginal'], ['z', 'keyUndo'],
    ['j ↓', 'keyNext'], ['k ↑', 'keyPrevious'], ['↓ ↑', 'keyText'], ['/', 'keySearch'],
    ['+ - 0', 'keyZoom'], ['Ctrl+S', 'keyExport'], ['?', 'keyHelp'], ['Esc', 'keyLeave']];
  $('help-keys').tBodies[0].replaceChildren(...rows.map(([keys, name]) => make('tr', {},
    make('th', { scope: 'row' }, ...keys.split(' ').flatMap(key => [make('kbd', {}, key), ' '])),
    make('td', {}, w(name)))));
  $('help-kinds').tBodies[0].replaceChildren(...VERDICTS.map(kind => make('tr', {},
    make('th', { scope: 'row' }, badge(kind)), make('td', {}, kindWords(kind)[2]))));
  $('help-states').tBodies[0].replaceChildren(...STATES.map(state => make('tr', {},
    make('th', { scope: 'row' }, stateBadge(state)))));
}

// ------------------------------------------------------------------------------------- the view

const view = { mode: 'findings', items: [], index: -1, last: 0, selected: null, page: model.pages[0] || null };

/** Shows a finding or zone everywhere; `quiet` leaves the panes where they are. */
function select(item, { quiet = false } = {}) {
  leaveEditor();
  if (view.selected !== item) {
    $('panel-body').scrollTop = 0;
  }
  view.selected = item;
  view.page = item ? item.page : view.page;
  const zone = item && item.isFinding ? item.zone : item;
  view.index = view.items.indexOf(item);
  if (view.index < 0 && zone) {
    view.index = view.items.findIndex(each => each === zone || each.zone === zone);
  }
  view.last = view.index >= 0 ? view.index : view.last;
  showPanel();
  showList({ follow: true });
  showSelection(quiet);
}

/** What is selected when the person points at a zone: its first finding that is not settled. */
function selectZone(zone, options) {
  const open = zone.findings.filter(finding => stateOf(finding) !== 'confirmed');
  const isListed = view.mode === 'findings' && zone.findings.length;
  select(isListed ? open[0] || zone.findings[0] : zone, options);
}

function showAll() {
  filterItems();
  showPanel();
  showProgress();
  showList({ follow: true });
  showStrip();
}

/** After a change: what is shown of these items is made anew. */
function changed(items) {
  saveChoices();
  const zones = new Set(), pages = new Set();
  for (const item of items) {
    pages.add(item.page);
    const zone = item.isFinding ? item.zone : item;
    if (zone) {
      zones.add(zone);
    }
  }
  zones.forEach(refreshZone);
  items.filter(item => item.isFinding && !item.zone).forEach(refreshLoose);
  pages.forEach(refreshPage);
  const selected = view.selected;
  filterItems();
  view.index = view.items.indexOf(selected);
  showPanel();
  showProgress();
  showList({});
  showStrip();
}

// ------------------------------------------------------------------------------------- progress

function countOf(findings) {
  const states = findings.map(stateOf);
  return { all: findings.length, done: states.filter(state => state === 'confirmed').length,
    again: states.filter(state => state === 'again').length };
}

function showProgress() {
  const { all, done, again } = countOf(model.findings);
  $('progress').max = Math.max(all, 1);
  $('progress').value = all ? done : 1;
  $('progress-text').textContent = all
    ? w('settled', { done, all }) + (again ? w('settledAgain', { again }) : '') : w('noFindings');
}

function pageProgress(page) {
  const { all, done } = countOf(page.findings);
  return all ? w('pageDone', { done, all }) : '';
}

/** A tick a page: tall where something heavy is open, half where something light is. */
function showStrip() {
  const strip = $('strip');
  if (strip.childElementCount !== model.pages.length) {
    strip.replaceChildren(...model.pages.map((page, i) => make('i', { 'data-page': i })));
  }
  model.pages.forEach((page, i) => {
    const open = page.findings.filter(finding => stateOf(finding) !== 'confirmed');
    const name = !page.findings.length ? 'none' : !open.length ? 'done'
      : open.some(finding => weight(finding) < KINDS.indexOf('text')) ? 'heavy' : 'light';
    const tick = strip.children[i];
    tick.className = `${name}${page === view.page ? ' here' : ''}`;
    tick.title = [pageWords(page), pageProgress(page)].filter(Boolean).join(' ');
  });
}

function fillPageJump() {
  $('page-jump').replaceChildren(...model.pages.map((page, i) => make('option', { value: i },
    [pageWords(page), pageProgress(page)].filter(Boolean).join('  '))));
  showPageJump();
}

function showPageJump() {
  $('page-jump').value = view.page ? view.page.index : '';
  document.querySelectorAll('#strip .here').forEach(tick => tick.classList.remove('here'));
  if (view.page && $('strip').children[view.page.index]) {
    $('strip').children[view.page.index].classList.add('here');
  }
}
