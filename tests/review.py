#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""review.py BUILD [--screenshots FOLDER] [--only CHECK]   the review page, put together from its template with
sample data and opened in a headless Chromium: what a person sees, and what keys and clicks do. BUILD
is not needed: the page is tested as its parts are. Exit code 77 where there is no Chromium."""
import argparse, base64, json, pathlib, re, subprocess, sys, tempfile, time, traceback
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / 'review'))
import pages
from browser import CHROMIUM, DRIVER, Browser

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent / 'verify' / 'corrections.rng'
NAMESPACE = '{urn:yomijun:corrections:1}'
MAX_PICTURES = 12             # decoded at once
MAX_ELEMENTS = 9000           # of the page of that report

# What the tests ask the page again and again.
ASK = '''
const $ = id => document.getElementById(id);
const text = element => { const copy = element.cloneNode(true);
  copy.querySelectorAll('.unseen-text, rt').forEach(each => each.remove()); return copy.textContent; };
const rows = () => [...document.querySelectorAll('.row')].map(row => ({ at: row.ariaPosInSet,
  kind: row.querySelector('.badge').innerText.trim().split(/\\s+/).pop(),
  state: row.querySelector('.state').className.split(' ')[1], text: text(row.querySelector('.row-text')),
  chosen: row.ariaSelected === 'true' })).sort((a, b) => a.at - b.at);
const zoneText = key => document.querySelector(`.zone[data-zone="${key}"] .zone-text`);
const zoneBox = key => document.querySelector(`.zone-box[data-zone="${key}"]`);
'''


def same(what, found, wanted):
    if found != wanted:
        raise AssertionError(f'{what}: {found!r}, not {wanted!r}')


class Page:
    """A review page in the browser."""

    def __init__(self, browser, folder, data, pictures):
        self.browser, self.folder = browser, folder
        self.path = folder / data['document'].replace('.xml', '.html')
        self.path.write_text(pages.put_together(data, pictures), encoding='utf-8')
        self.data = data

    def open(self, forget=True):
        self.browser.open(self.path)
        if forget:
            self.browser.run('localStorage.clear()')
            self.browser.reload()
        self.ready()

    def ready(self, seconds=10):
        try:
            self.browser.wait('the page', 'document.body.classList.contains("is-ready")',
                              seconds=seconds)
        except AssertionError as error:
            raise AssertionError(f'{error} {self.browser.complaints()}') from None

    def ask(self, expression, *arguments):
        return self.browser.run(f'{ASK} return ({expression});', *arguments)

    def press(self, *keys):
        self.browser.press(*keys)

    def rows(self):
        return self.ask('rows()')

    def chosen(self):
        """Kind, state and text of the chosen row."""
        rows = [row for row in self.rows() if row['chosen']]
        same('number of chosen rows', len(rows), 1)
        return rows[0]

    def said(self):
        return self.ask('$("status").textContent')

    def text(self, key):
        return self.ask('text(zoneText(arguments[0]))', key)

    def export(self):
        """The root of what is exported, which must be valid."""
        name = self.data['document'].replace('.xml', '.corrections.xml')
        path = self.folder / name
        path.unlink(missing_ok=True)
        self.press('Ctrl+s')
        end = time.monotonic() + 10
        while not path.exists() and time.monotonic() < end:
            time.sleep(0.05)
        assert path.exists(), 'nothing was exported'
        done = subprocess.run(['xmllint', '--noout', '--relaxng', SCHEMA, path],
                              capture_output=True, text=True)
        assert done.returncode == 0, f'what is exported is not valid: {done.stderr}'
        return ElementTree.parse(path).getroot()

    def import_file(self, path):
        self.browser.upload('#import-file', path)
        self.browser.wait('the import', 'document.querySelector("#import-dialog[open]")')
        words = self.ask('$("import-dialog").textContent')
        self.press('Esc')
        return words


# --- the checks: each gets a page that was opened afresh, without choices

def check_opens_and_lists_the_worst_first(page):
    same('title', page.ask('document.title'), 'report.xml の確認')
    same('kinds', [row['kind'] for row in page.rows()],
         ['頁違い', '数字', '数字', '墨のない文字', '文字のない墨', '文字', '異体字', '全角半角'])
    same('chosen', page.chosen()['at'], '1')
    same('progress', page.ask('$("progress-text").textContent'), '0 / 8 件 確認済み')
    same('focus', page.ask('document.activeElement.id'), 'list')


def check_zones_lie_over_the_picture(page):
    place = page.ask('''(() => { const frame = zoneBox("1/z4").closest(".frame").getBoundingClientRect();
        const box = zoneBox("1/z4").getBoundingClientRect(); const scale = frame.width / 320;
        return [(box.x - frame.x) / scale - 10, (box.y - frame.y) / scale - 10, box.width / scale,
                box.height / scale]; })()''')
    assert all(abs(a - b) < 1 for a, b in zip(place, [20, 100, 260, 20])), f'zone at {place}'
    same('verdicts', page.ask('''[...document.querySelectorAll('.frame')].slice(0, 1)
        .flatMap(f => [...f.querySelectorAll('.zone-box:not(.spot)')]).map(b => b.className.split(' k-')[1]
        .split(' ')[0])'''), ['agrees', 'agrees', 'variant', 'digit', 'width'])
    assert page.ask('zoneBox("1/z4").querySelector(".flag").textContent') == '数', 'no mark'
    same('spots', page.ask('document.querySelectorAll(".spot").length'), 2)
    page.browser.wait('the picture', '(() => { const i = document.querySelector(".frame img");'
                      'return i.complete && i.naturalWidth === 640; })()')


def check_the_panel_shows_place_difference_and_evidence(page):
    page.press('j')
    same('expected', page.ask('text($("expected"))'), ' 水道は点検票を 1,284 件、手引を 57')
    same('marked', page.ask('''[...document.querySelectorAll("#expected mark, #seen mark")]
        .map(mark => mark.textContent)'''), ['8', '3'])
    looks = page.ask('$("looks").innerText')
    for words in ('OCR の読み', '「1,234」', '91 %', 'PDF の文字情報', '「1,284」', '何もない', 'unheard-of',
                  '文書の字と 0.33、読んだ字と 不明（ほかに例がない）、'):
        assert words in looks, f'{words} is not among the evidence: {looks}'
    page.browser.wait('the crop', 'document.getElementById("crop").width > 100')
    wanted = pages.colour_of([110, 100])
    page.browser.wait(f'the colour {wanted} in the middle of the crop', '''(() => {
        const crop = document.getElementById("crop");
        const found = crop.getContext("2d").getImageData(crop.width / 2, crop.height / 2, 1, 1).data;
        return arguments[0].every((value, i) => Math.abs(value - found[i]) < 4); })()''', wanted)


def check_differences_are_marked_in_the_text(page):
    marks = '''[...zoneText(arguments[0]).querySelectorAll('.differs ruby')].map(ruby =>
        [ruby.firstChild.textContent, ruby.querySelector('rt').textContent])'''
    same('digits', page.ask(marks, '1/z4'), [['8', '3'], ['7', '1']])
    same('variant', page.ask(marks, '1/z3'), [['斎', '齋']])
    page.ask('document.getElementById("texts").scrollTo(0, 1e6)')
    page.browser.wait('the second page', 'document.querySelector(`.zone[data-zone="2/z6"]`)')
    same('surplus', page.ask(marks, '2/z6'), [['余計な文字', '無']])
    same('text', page.text('1/z3'), '2列斎藤<b>&"部"')
    same('unclaimed ink', page.ask('text(document.querySelector(".z-loose"))'), '墨○文書にない墨速報値')


def check_a_click_selects_on_both_sides(page):
    page.browser.click('.zone-box[data-zone="1/z2"]')
    assert page.ask('zoneText("1/z2").parentNode.classList.contains("is-selected")'), 'picture → text'
    same('its text', page.ask('text($("zone-text"))'), '点検票')
    page.browser.click('.zone[data-zone="1/z5"] .zone-text')
    assert page.ask('zoneBox("1/z5").classList.contains("is-selected")'), 'text → picture'
    assert not page.ask('zoneBox("1/z2").classList.contains("is-selected")'), 'both are selected'
    same('its row', page.chosen()['kind'], '全角半角')
    page.browser.click('.zone[data-zone="1/z4"] .differs:nth-of-type(2)')
    assert '57' in page.ask('text($("expected").querySelector("mark").parentNode)'), 'a click on a mark'
    same('its row', page.chosen()['at'], '3')


def check_keys_decide_and_go_on(page):
    page.press('Enter')
    same('the next', page.chosen()['at'], '2')
    page.press('r', 'j', 'Enter', 'u')
    same('states', [row['state'] for row in page.rows()],
         ['confirmed', 'again', 'confirmed', 'unseen', 'unseen', 'unseen', 'unseen', 'unseen'])
    same('the next', page.chosen()['at'], '4')
    same('progress', page.ask('$("progress-text").textContent'), '2 / 8 件 確認済み（要再確認 1）')
    same('page', page.ask('document.querySelector("#texts .page-done").textContent'),
         '確認 1/4・一致度 99.0 %')
    page.press('k', 'k', 'k', 'u')
    same('state', page.chosen()['state'], 'unseen')
    page.press('Down', 'Up', 'Up', 'End')
    same('the last', page.chosen()['at'], '8')
    page.press('Enter')
    same('from the top', page.chosen()['at'], '1')
    assert '先頭' in page.said(), page.said()
    page.press(*['Enter'] * 7)
    assert 'すべて確認済み' in page.said(), page.said()


def check_choices_survive_a_reload(page):
    page.press('Enter', 'r', 't')
    before = page.rows()
    page.browser.reload()
    page.ready()
    same('states', [row['state'] for row in page.rows()], [row['state'] for row in before])
    same('text', page.text('1/z4'), '𠮷野 57 水道は点検票を 1,2834 件、手引を 57 件配布した。')
    same('what is left is marked', page.ask('zoneText("1/z4").querySelector("rt").textContent'), '1')
    same('chosen: the first open one', page.chosen()['at'], '2')


def check_what_is_seen_is_taken_at_its_place(page):
    page.press('j', 't', 'j', 't')
    same('new text', page.ask('[...zoneText("1/z4").querySelectorAll("ins")].map(i => i.textContent)'),
         ['3', '1'])
    same('old text', page.ask('[...zoneText("1/z4").querySelectorAll("del")].map(i => i.textContent)'),
         ['8', '7'])
    page.press('j', 't')
    same('surplus', page.ask('text($("corrected"))'), '余計な文字')
    page.press('j', 't')
    same('text put in', page.ask('$("corrected").querySelector("ins").textContent'), '速報値')
    page.press('k', 'k', 'o', 'z', 'z', 'z', 'z')
    same('undone', page.ask('[...zoneText("1/z4").querySelectorAll("ins")].map(i => i.textContent)'),
         ['3'])


def check_take_and_confirm_in_one(page):
    page.press('j', 'Shift+Enter', 'Shift+Enter')
    same('states', [row['state'] for row in page.rows()][:4], ['unseen', 'confirmed', 'confirmed', 'unseen'])
    same('new', page.ask('[...zoneText("1/z4").querySelectorAll("ins")].map(i => i.textContent)'), ['3', '1'])
    page.press('Home', 'Shift+Enter')
    same('a page has no text to take', page.rows()[0]['state'], 'unseen')


def check_a_text_is_edited(page):
    page.press('j', 'e')
    same('focus', page.ask('document.activeElement.id'), 'editor')
    same('marked', page.ask('''$("editor").value.slice($("editor").selectionStart,
        $("editor").selectionEnd)'''), '1,284')
    page.browser.type('1,234')
    page.press('Ctrl+Enter')
    same('next', page.chosen()['at'], '3')
    same('states', [row['state'] for row in page.rows()][1:3], ['confirmed', 'unseen'])
    same('text', page.ask('zoneText("1/z4").querySelector("ins").textContent'), '3')
    same('focus', page.ask('document.activeElement.id'), 'list')
    page.press('e', 'x', 'Esc')
    same('left alone', page.ask('[...zoneText("1/z4").querySelectorAll("ins")].length'), 1)
    page.press('e')
    assert 'x' in page.ask('$("editor").value'), 'the draft is lost'
    page.press('Esc', 'o')
    same('back', page.ask('[...zoneText("1/z4").querySelectorAll("ins")].length'), 0)


def decide(page):
    """Something of each sort."""
    page.press('Enter')                                     # the page
    page.press('t', 'Enter', 'r', 'j', 't', 'Enter', 't')   # digits; surplus; ink
    page.browser.click('.zone[data-zone="1/z2"] .zone-text')
    page.press('e')
    page.browser.type(' <&>"\'𠮷')
    page.press('Enter', 'Enter')


def check_what_is_exported_is_valid_and_complete(page):
    page.press('Ctrl+s')
    assert '書き出すものがまだ' in page.said(), page.said()
    decide(page)
    root = page.export()
    same('document', (root.get('document'), root.get('sha256')),
         (page.data['document'], page.data['sha256']))
    found = [(c.get('page'), c.get('zone'), c.get('kind'), c.get('state'), c.find(NAMESPACE + 'old').text,
              c.find(NAMESPACE + 'new').text if c.find(NAMESPACE + 'new') is not None else None)
             for c in root]
    old = '𠮷野 57 水道は点検票を 1,284 件、手引を 57 件配布した。'
    same('entries', found, [
        ('1', 'z2', None, 'confirmed', '点検票', '点検票 <&>"\'𠮷'),
        ('1', 'z4', None, 'again', old, old.replace('1,284', '1,234')),
        ('1', 'z4', 'digit', 'confirmed', old, None),
        ('1', 'z4', 'digit', 'again', old, None),
        ('2', 'z6', None, 'confirmed', '余計な文字', None),
        ('2', 'z6', 'text-without-ink', 'confirmed', '余計な文字', None),
        ('2', None, 'page', 'confirmed', None, None),
        ('2', None, 'ink-without-text', 'unseen', None, '速報値')])
    emptied = root[4].find(NAMESPACE + 'new')
    assert emptied is not None, 'a text that must go has an empty <new>'
    same('box of the page', root[6].get('box'), '0 0 300 400')
    same('place', root[2].get('at'), '14')


def check_what_was_exported_is_imported(page):
    decide(page)
    page.export()
    wanted = page.rows()
    path = page.folder / 'report.corrections.xml'
    page.open()
    same('forgotten', {row['state'] for row in page.rows()}, {'unseen'})
    words = page.import_file(path)
    assert '8 件を読み込みました' in words and '合う' not in words, words
    page.press('Home')
    same('states', [row['state'] for row in page.rows()], [row['state'] for row in wanted])
    page.ask('$("texts").scrollTo(0, 0)')
    same('text', page.text('1/z2'), '1列点検票 <&>"\'𠮷')
    same('exported again', len(page.export()), 8)
    page.press('z')
    same('undone at once', {row['state'] for row in page.rows()}, {'unseen'})


def check_corrections_of_another_version_find_their_place(page):
    page.press('j', 't', 'Enter')
    page.export()
    path = page.folder / 'report.corrections.xml'
    words = path.read_text(encoding='utf-8').replace(page.data['sha256'], '0' * 64)
    moved = words.replace('zone="z4"', 'zone="z99"').replace('20 100 280 120', '21 99 281 121')
    path.write_text(moved.replace('</corrections>', '<correction page="1" zone="z1" box="20 20 280 40" '
                                  'state="confirmed"><old>another text</old></correction>'
                                  '<correction page="77" box="0 0 1 1" state="again"><old/></correction>'
                                  '</corrections>'), encoding='utf-8')
    page.open()
    words = page.import_file(path)
    for part in ('別の版', '2 件を読み込みました', 'なかったもの：2 件', '1 頁：another text', '77 頁'):
        assert part in words, f'{part}: {words}'
    same('state', page.rows()[1]['state'], 'confirmed')
    same('text', page.ask('zoneText("1/z4").querySelector("ins").textContent'), '3')
    path.write_text('<corrections/>', encoding='utf-8')
    assert '訂正ファイルではありません' in page.import_file(path), 'what is no corrections file is taken'


def corrections_of(root):
    return [(c.get('page'), c.get('zone'), c.get('kind'), c.get('state'), c.findtext(NAMESPACE + 'old'),
             c.findtext(NAMESPACE + 'new')) for c in root]


def check_what_was_corrected_before_is_exported_again(page):
    data, pictures = pages.small()
    data['document'] = 'again.xml'
    data['sha256'] = 'a' * 64
    data['corrections'] = [
        {'page': 1, 'zone': 'z2', 'box': [20, 60, 100, 80], 'state': 'confirmed', 'old': '占検票', 'new': '点検票'},
        {'page': 1, 'zone': 'z4', 'box': [20, 100, 280, 120], 'state': 'unseen', 'old': 'とても違う文',
         'new': data['pages'][0]['zones'][3]['text']},
        {'page': 2, 'zone': None, 'box': [1, 2, 3, 4], 'state': 'confirmed', 'old': 'もうない文', 'new': '別の文'}]
    again = Page(page.browser, page.folder, data, pictures)
    again.open()
    again.press('j', 't', 'Enter') # a digit of z4
    found = corrections_of(again.export())
    old = data['pages'][0]['zones'][3]['text']
    same('entries', found, [
        ('1', 'z2', None, 'confirmed', '占検票', '点検票'),
        ('1', 'z4', None, 'unseen', 'とても違う文', old.replace('1,284', '1,234')),
        ('1', 'z4', 'digit', 'confirmed', old, None),
        ('2', None, None, 'confirmed', 'もうない文', '別の文')])
    again.open()
    words = again.import_file(again.folder / 'again.corrections.xml')
    assert '3 件を読み込みました' in words, words
    same('text', again.ask('zoneText("1/z4").querySelector("ins").textContent'), '3')
    same('exported again', corrections_of(again.export()), found)


def check_filters_narrow_the_list(page):
    def kinds():
        return [row['kind'] for row in page.rows()]
    page.browser.choose('#filter-kind', 'digit')
    same('kind', kinds(), ['数字', '数字'])
    page.browser.choose('#filter-confidence', '0.9')
    same('confidence', kinds(), ['数字'])
    page.browser.click('#clear-filters')
    same('cleared', len(kinds()), 8)
    page.browser.click('#filter-page')
    page.browser.type('2-3')
    same('pages', kinds(), ['頁違い', '墨のない文字', '文字のない墨', '文字'])
    same('count', page.ask('$("shown").textContent'), '8 件のうち 4 件')
    page.browser.choose('#filter-state', 'unseen')
    page.press('Esc')
    page.ask('$("list").focus()')
    page.press('Home', 'Enter')
    same('what is settled leaves', kinds(), ['墨のない文字', '文字のない墨', '文字'])
    same('next', page.chosen()['kind'], '墨のない文字')
    page.press('r')
    same('next', page.chosen()['kind'], '文字のない墨')
    page.browser.choose('#filter-state', 'again')
    same('again', kinds(), ['墨のない文字'])
    page.browser.click('#clear-filters')
    page.browser.choose('#sort', 'place')
    same('by place', kinds()[:3], ['異体字', '数字', '数字'])


def check_search_finds_text(page):
    page.press('/')
    same('focus', page.ask('document.activeElement.id'), 'search')
    page.browser.type('abc計画')
    same('found, width apart', [row['kind'] for row in page.rows()], ['全角半角'])
    page.press('Enter')
    same('focus', page.ask('document.activeElement.id'), 'list')
    same('chosen', page.chosen()['kind'], '全角半角')
    page.press('/')
    page.browser.type('第1章')
    same('width apart in the text', page.ask('$("found-elsewhere").textContent'), '本文では 1 箇所')
    page.ask('$("search").select()')
    page.browser.type('最後の段落')
    same('not in findings', page.rows(), [])
    page.browser.click('#found-elsewhere')
    same('in the text', [row['text'] for row in page.rows()], ['最後の段落。'])
    page.press('j', 'Enter')
    same('a zone is settled', page.rows()[0]['state'], 'confirmed')
    page.browser.click('#clear-filters')
    same('all zones', len(page.rows()), 8)


def check_zones_are_settled_in_the_text(page):
    page.ask('$("texts").scrollTo(0, 0)')
    page.browser.click('.zone[data-zone="1/z1"] .zone-text')
    page.press('Enter', 'Down', 'Enter', 'r')
    same('states', page.ask('''["z1", "z2", "z3", "z4"].map(id => zoneText("1/" + id).parentNode
        .className.match(/ s-(\\w+)/)[1])'''), ['confirmed', 'unseen', 'confirmed', 'again'])
    same('findings go with their zone', [row['state'] for row in page.rows()][1:3] +
         [page.rows()[6]['state']], ['again', 'again', 'confirmed'])
    assert page.ask('document.activeElement.dataset.zone') == '1/z4', 'the focus does not follow'


def check_a_page_that_is_another_shows(page):
    same('said', page.ask('$("sentence").textContent'), '画像は別の頁です：文書では 2 頁、画像では 4 頁。')
    page.browser.wait('banner', 'document.querySelectorAll(".page-banner").length === 2')
    page.browser.wait('in sight', '''(() => { const box = document.querySelector("#pictures .page-banner")
        .getBoundingClientRect(); const pane = document.getElementById("pictures")
        .getBoundingClientRect(); return box.top >= pane.top && box.bottom <= pane.bottom; })()''')
    assert page.ask('$("act-edit").disabled && $("act-take").disabled'), 'a page has no text'
    page.press('End', 'k', 'k')
    same('without picture', page.ask('$("crop").hidden'), True)
    assert 'この頁の画像はありません' in page.ask('$("pictures").textContent'), 'nothing says so'


def check_two_languages(page):
    page.press('Enter')
    page.browser.click('#language')
    same('lang', page.ask('document.documentElement.lang'), 'en')
    same('progress', page.ask('$("progress-text").textContent'), '1 of 8 findings settled')
    same('kinds', [row['kind'] for row in page.rows()][1:3], ['Digit', 'Digit'])
    left = page.ask('''(() => { const walker = document.createTreeWalker(document.body,
        NodeFilter.SHOW_TEXT); const found = []; while (walker.nextNode()) {
        const node = walker.currentNode; if (/[\\u3040-\\u9fff]/.test(node.data)
          && !node.parentElement.closest('[lang=ja], script, style, noscript')) found.push(node.data); }
        return found; })()''')
    same('Japanese words in English', left, [])
    page.browser.reload()
    page.ready()
    same('kept', page.ask('document.documentElement.lang'), 'en')
    page.browser.click('#language')
    same('back', page.ask('$("export").innerText'), '書き出す')
    words = page.ask('[...document.querySelectorAll("[data-t]")].filter(e => !e.textContent).length')
    same('words without text', words, 0)


def check_both_panes_scroll_together(page):
    page.press('Home', 'j')
    for pane, other in (('pictures', 'texts'), ('texts', 'pictures')):
        page.ask('["pictures", "texts"].forEach(id => $(id).scrollTo(0, 0))')
        time.sleep(0.2)
        page.browser.wheel(f'#{pane}', 5000 if pane == 'pictures' else 60)
        page.browser.wait(f'{other} moves with {pane}', f'document.getElementById("{other}").scrollTop > 5')
    page.browser.click('#scroll-together')
    page.ask('["pictures", "texts"].forEach(id => $(id).scrollTo(0, 0))')
    time.sleep(0.2)
    page.browser.wheel('#pictures', 300)
    page.browser.wait('moves', 'document.getElementById("pictures").scrollTop > 200')
    time.sleep(0.2)
    same('the other does not', page.ask('$("texts").scrollTop'), 0)


def check_zoom(page):
    width = 'document.querySelector("#pictures .frame").clientWidth'
    before = page.ask(width)
    page.press('+', '+')
    assert page.ask(width) > before * 1.4, 'larger'
    page.press('0')
    same('fits', page.ask(width), before)
    page.press('-')
    assert page.ask(width) < before, 'smaller'


def check_nothing_goes_to_the_network(page):
    for script in ('fetch(arguments[0]).then(() => false, () => true)',
                   '''new Promise(done => { const image = new Image(); image.onload = () => done(false);
                      image.onerror = () => done(true); image.src = arguments[0]; })''',
                   '''new Promise(done => { addEventListener('securitypolicyviolation',
                      () => done(true)); setTimeout(() => done(false), 3000);
                      fetch(arguments[0]).catch(() => 0); })'''):
        same(script, page.browser.run(f'return {script}', page.browser.address + '/status'), True)
    same('links out', page.ask('document.querySelectorAll("a[href^=http], link, '
                               'script[src], img[src^=http], iframe").length'), 0)
    page.browser.complaints()  # those are of this check


def check_help_and_focus(page):
    page.press('?')
    assert page.ask('$("help-dialog").open'), 'no help'
    same('kinds told', page.ask('$("help-kinds").rows.length'), 13)
    page.press('j')
    page.press('Esc')
    assert not page.ask('$("help-dialog").open'), 'help stays'
    same('keys did nothing meanwhile', page.chosen()['at'], '1')
    page.press('?')
    page.browser.click('#keys-on')
    page.press('Esc')
    page.ask('$("list").focus()')
    page.press('j', 'r')
    same('letters are off', (page.chosen()['at'], page.chosen()['state']), ('1', 'unseen'))
    page.press('Down')
    same('arrows are not', page.chosen()['at'], '2')


def check_all_that_takes_the_focus_has_a_name(page):
    nodes = page.browser.developer('Accessibility.getFullAXTree')['nodes']
    focusable = [node for node in nodes if not node.get('ignored') and any(
        p['name'] == 'focusable' and p['value'].get('value') for p in node.get('properties', []))]
    assert len(focusable) > 25, f'{len(focusable)} elements take the focus'
    nameless = [node['role']['value'] for node in focusable
                if not node.get('name', {}).get('value') and node['role']['value'] not in
                ('RootWebArea', 'generic')]
    same('without a name', nameless, [])
    roles = {node['role']['value'] for node in nodes if not node.get('ignored')}
    wanted = {'banner', 'main', 'navigation', 'search', 'region', 'listbox', 'option', 'status', 'heading'}
    same('roles that are missing', wanted - roles - {'navigation'}, set())
    active = page.ask('$($("list").getAttribute("aria-activedescendant")).ariaSelected')
    same('active option', active, 'true')


def check_storage_that_fails_is_told(page):
    assert page.ask('$("storage-warning").hidden'), 'warns without reason'
    made = page.browser.developer('Page.addScriptToEvaluateOnNewDocument', source='''
        Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden'); } });''')
    try:
        page.browser.reload()
        page.ready()
        assert not page.ask('$("storage-warning").hidden'), 'no warning'
        page.press('Enter')
        same('works all the same', page.rows()[0]['state'], 'confirmed')
        same('exports', len(page.export()), 1)
    finally:
        page.browser.developer('Page.removeScriptToEvaluateOnNewDocument', identifier=made['identifier'])


def check_print_lists_the_findings(page):
    page.press('Enter')
    page.ask('dispatchEvent(new Event("beforeprint"))')
    rows = page.ask('[...document.querySelectorAll("#print tbody tr")].map(row => row.innerText)')
    same('rows', len(rows), 8)
    same('settled', sum('確認済み' in row for row in rows), 1)
    page.ask('dispatchEvent(new Event("afterprint"))')


def check_small_windows(page):
    in_sight = '''["act-confirm", "act-again", "act-take", "act-edit", "list", "search"].filter(id => {
        const box = $(id).getBoundingClientRect(); return box.width === 0 || box.right > innerWidth
        || box.bottom > innerHeight || box.height < 20; })'''
    try:
        for size in ((800, 600), (500, 800)):
            page.browser.size(*size)
            page.browser.wait('the size', f'innerWidth === {size[0]}')
            same(f'out of sight at {size}', page.ask(in_sight), [])
            same('wider than the window', page.ask('document.documentElement.scrollWidth'), size[0])
            assert page.ask('$("list").clientHeight') >= 90, page.ask('$("list").clientHeight')
            page.browser.click('.tabs [data-tab=text]')
            assert page.ask('$("texts").clientHeight > 90 && !$("list").clientHeight'), 'no text'
            page.browser.click('.tabs [data-tab=list]')
        page.browser.click('.tabs [data-tab=picture]')
        assert page.ask('$("pictures").clientHeight > 90'), 'no picture'
        page.press('/')
        assert page.ask('$("search").clientHeight > 0'), 'search does not bring the list'
    finally:
        page.browser.size(1400, 900)


def check_large(page):
    """165 pages, 9,900 zones, 500 findings."""
    browser = page.browser
    made = browser.developer('Page.addScriptToEvaluateOnNewDocument', source='''
        window.alive = new Set(); window.most = 0;
        const create = URL.createObjectURL, revoke = URL.revokeObjectURL;
        URL.createObjectURL = blob => { const url = create.call(URL, blob); alive.add(url);
          most = Math.max(most, alive.size); return url; };
        URL.revokeObjectURL = url => { alive.delete(url); revoke.call(URL, url); };''')
    try:
        begin = time.monotonic()
        browser.open(page.path)
        page.ready(60)
        took = time.monotonic() - begin
        same('rows', page.ask('rows()[0] && $("rows").clientHeight'), 500 * 52)
        assert page.ask('document.querySelectorAll("*").length') < MAX_ELEMENTS + 165
        page.press(*['Enter'] * 30)
        begin = time.monotonic()
        page.press(*['j'] * 100)
        walked = time.monotonic() - begin
        same('where', page.chosen()['at'], '131')
        for step in range(1, 41):
            page.ask(f'$("pictures").scrollTo(0, $("pictures").scrollHeight * {step} / 40)')
            time.sleep(0.02)
        page.ask('$("pictures").scrollTo(0, 1e9)')
        browser.wait('the last page', '''(() => { const image = [...document.querySelectorAll(".frame")]
            .pop().querySelector("img"); return image && image.complete; })()''')
        browser.wheel('#pictures', -300)
        browser.wait('the last text', 'document.querySelector(`.zone[data-zone^="165/"]`)')
        assert page.ask('most') <= MAX_PICTURES, f'{page.ask("most")} pictures at once'
        assert page.ask('most') > 2, 'pictures are not counted'
        elements = page.ask('document.querySelectorAll("*").length')
        assert elements < MAX_ELEMENTS, f'{elements} elements'
        begin = time.monotonic()
        page.press('/')
        browser.type('手引')
        browser.click('#mode-zones')
        searched = time.monotonic() - begin
        print(f'   165 pages, {page.path.stat().st_size / 1e6:.0f} MB: open in {took:.1f} s, at most '
              f'{page.ask("most")} pictures, {elements} elements')
    finally:
        browser.developer('Page.removeScriptToEvaluateOnNewDocument', identifier=made['identifier'])


# --- what needs no browser

def check_parts_stay_in_their_place():
    script = pages.script()
    style = pages.part('review.css')
    for bad in ('</script', '<!--', 'http:', 'https:', 'innerHTML', 'eval('):
        assert bad not in script, f'{bad} in the script'
    for bad in ('</style', 'url(', '@import'):
        assert bad not in style, f'{bad} in the style'


def check_every_word_is_in_both_languages():
    script = pages.script()
    ja, en = re.search(r"\n  ja: \{\n(.*?)\n  \},\n  en: \{\n(.*?)\n  \},\n\};", script, re.S).groups()
    def names(text):
        text = re.sub(r"'(?:[^'\\]|\\.)*'(?!\s*:)", "''", text)
        return sorted(re.findall(r"'?([\w-]+)'?:", text))
    same('names', names(ja), names(en))
    used = set(re.findall(r'data-t(?:-label|-placeholder)?="(\w+)"',
                          pages.part('review.html')))
    same('unknown words', used - set(names(ja)), set())


def luminance(colour):
    colour = colour if len(colour) == 7 else '#' + ''.join(2 * c for c in colour[1:])
    parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    parts = [p / 12.92 if p <= .03928 else ((p + .055) / 1.055) ** 2.4 for p in parts]
    return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2]


def check_contrast():
    style = pages.part('review.css')
    schemes = re.findall(r':root \{(.*?)\}', style, re.S)
    same('schemes', len(schemes), 2)
    pairs = [(ink, ground) for ink in ('ink', 'quiet', 'accent') for ground in
             ('ground', 'pane', 'soft', 'chosen')]
    pairs += [(kind, ground) for kind in ('digit', 'place', 'ink-kind', 'text', 'mild', 'none', 'done',
                                          'again') for ground in ('pane', 'soft', 'chosen')]
    pairs += [('digit', 'digit-soft'), ('place', 'place-soft'), ('ink-kind', 'ink-soft'), ('text',
              'text-soft'), ('mild', 'mild-soft'), ('on-accent', 'accent'), ('ink', 'found')]
    for scheme in schemes:
        colours = dict(re.findall(r'--([\w-]+): (#\w+)', scheme))
        for ink, ground in pairs:
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            contrast = (light + .05) / (dark + .05)
            assert contrast >= 4.5, f'{ink} {colours[ink]} on {ground} {colours[ground]}: {contrast:.2f}'


# --- pictures of a page that looks real, for people

def drawn_report(browser, folder):
    """tests/review/report.html drawn by the browser: data and pictures."""
    browser.size(595, 842 * 2)
    browser.open(HERE / 'review' / 'report.html')
    found = browser.run('''return [...document.querySelectorAll('.page')].map(page => {
      const origin = page.getBoundingClientRect();
      const box = element => { const range = element.range || document.createRange();
        if (!element.range) range.selectNodeContents(element);
        const b = range.getBoundingClientRect(); return [b.left - origin.left, b.top - origin.top,
          b.right - origin.left, b.bottom - origin.top].map(v => Math.round(v * 10) / 10); };
      // Where a finding saw something, in lines of its element.
      const spots = element => JSON.parse(element.dataset.findings || '[]').map(finding => {
        const node = element.firstChild, at = node.data.indexOf(finding[2]);
        if (at < 0 || !finding[2]) return null;
        const range = document.createRange(); range.setStart(node, at);
        range.setEnd(node, at + finding[2].length); return range.getClientRects().length === 1
          ? box({ range }) : null; });
      const loose = page.querySelector('[data-loose]');
      const rows = [...page.querySelectorAll('tr')];
      return { ...page.dataset, loose: loose && { box: box(loose), words: loose.dataset.loose },
        zones: [...page.querySelectorAll('[data-kind]')].map(element => ({ ...element.dataset,
          box: box(element), spots: spots(element), seen: element.textContent, row: rows.indexOf(element.parentNode) + 1 })) };
    })''')
    made, pictures, count = [], {}, 0
    for n, each in enumerate(found, 12):
        zones, findings = [], []
        for one in each['zones']:
            count += 1
            text = one.get('text', one['seen'])
            here = pages.zone(f'z{count}', one['box'], text, one.get('verdict', 'agrees'), one['kind'])
            if text != one['seen']:
                here['seen'] = one['seen']
            if 'c' in one:
                here.update(table=2, row=one['row'], column=int(one['c']))
            zones.append(here)
            for (kind, expected, seen, sure, looks, *at), spot in zip(
                    json.loads(one.get('findings', '[]')), one['spots']):
                place = at[0] if at else text.index(expected)
                findings.append(pages.finding(here, kind, expected, seen, sure, place, spot, looks))
        if each['loose']:
            kind, expected, seen, sure, looks = json.loads(each['loose']['words'])
            findings.append(pages.finding(None, kind, expected, seen, sure, -1, each['loose']['box'], looks))
        if 'pageFinding' in each:
            kind, expected, seen, sure, looks = json.loads(each['pageFinding'])
            findings.append(pages.finding(None, kind, expected, seen, sure, looks=looks))
        one = pages.page(n, zones, findings)
        one.update(label=each['label'], width=595, height=842, picture_box=[0, 0, 595, 842])
        made.append(one)
        path = folder / f'page-{n}.png'
        browser.screenshot(path, clip={'x': 0, 'y': 842 * (n - 12), 'width': 595, 'height': 842,
                                       'scale': 2}, captureBeyondViewport=True)
        pictures[one['picture']] = path.read_bytes()
    return pages.document(made, '水の安全に関する年次報告.xml'), pictures


def take_screenshots(browser, folder, where):
    where.mkdir(parents=True, exist_ok=True)
    page = Page(browser, folder, *drawn_report(browser, folder))

    def shoot(name):
        time.sleep(0.4)
        browser.screenshot(where / f'{name}.png')
    for width, height in ((1400, 900), (800, 600)):
        browser.size(width, height)
        name = f'{width}x{height}'
        page.open()
        shoot(f'{name}-1-page')
        page.press('j')
        shoot(f'{name}-2-digit')
        page.press('Shift+Enter', 'Enter', 'r', 'j')
        shoot(f'{name}-3-some-done')
        page.press('Home', 'j', 'e')
        shoot(f'{name}-4-editing')
        page.press('Esc')
        if width < 1150:
            browser.click('.tabs [data-tab=text]')
            shoot(f'{name}-5-text')
            browser.click('.tabs [data-tab=list]')
        browser.click('#language')
        browser.click('#mode-zones')
        page.press('Home', 'j', 'j', 'j')
        shoot(f'{name}-6-english-zones')
        page.press('?')
        shoot(f'{name}-7-help')
        page.press('Esc')
        browser.click('#language')
    browser.size(1400, 900)
    browser.developer('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme',
                                                               'value': 'dark'}])
    page.open()
    page.press('j')
    shoot('1400x900-8-dark')
    browser.developer('Emulation.setEmulatedMedia', features=[])
    pdf = browser.developer('Page.printToPDF', paperWidth=8.27, paperHeight=11.69)
    (where / 'print.pdf').write_bytes(base64.b64decode(pdf['data']))


def run(name, check, *arguments):
    try:
        check(*arguments)
        print(f'ok {name}')
        return 0
    except Exception as error:
        print(f'FAILED {name}: {error}')
        if not isinstance(error, AssertionError):
            traceback.print_exc()
        return 1


def run_in_browser(page, check):
    page.browser.complaints()
    page.open()
    check(page)
    same('the console', page.browser.complaints(), [])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('build')
    parser.add_argument('--screenshots', type=pathlib.Path)
    parser.add_argument('--only', action='append', dest='checks', help='a part of a name')
    options = parser.parse_args()
    checks = [(name[6:].replace('_', ' '), check) for name, check in globals().items()
              if name.startswith('check_')]
    checks = [(name, check) for name, check in checks
              if not options.checks or any(part in name for part in options.checks)]
    failed = sum(run(name, check) for name, check in checks if not check.__code__.co_argcount)
    if not CHROMIUM or not DRIVER:
        print('no chromium or chromedriver: the page itself is not tested')
        sys.exit(1 if failed else 77)
    with tempfile.TemporaryDirectory(prefix='yomijun-review-', ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        browser = Browser(folder)
        try:
            small = Page(browser, folder, *pages.small())
            large = Page(browser, folder, *pages.large()) if any(c is check_large for _, c in checks) \
                else None
            for name, check in checks:
                if check.__code__.co_argcount:
                    failed += run(name, run_in_browser, large if check is check_large else small, check)
            if options.screenshots:
                take_screenshots(browser, folder, options.screenshots)
        finally:
            browser.close()
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
