# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, driven by chromedriver's W3C WebDriver protocol, with nothing but urllib."""
import base64, json, re, shutil, subprocess, time, urllib.error, urllib.request

KEYS = {'Enter': '\ue007', 'Esc': '\ue00c', 'Ctrl': '\ue009', 'Shift': '\ue008', 'Tab': '\ue004',
        'Up': '\ue013', 'Down': '\ue015', 'Home': '\ue011', 'End': '\ue010', 'Space': ' '}
ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'
CHROMIUM = shutil.which('chromium') or shutil.which('chromium-browser')
DRIVER = shutil.which('chromedriver')


class Browser:
    def __init__(self, folder, language='ja', size=(1400, 900)):
        """folder: where the profile and what is downloaded go."""
        self.folder, self.session = folder, None
        self.driver = subprocess.Popen([DRIVER, '--port=0'], stdout=subprocess.PIPE, text=True,
                                       stderr=subprocess.DEVNULL)
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            if not line:
                raise RuntimeError('chromedriver does not start')
            port = re.search(r'started successfully on port (\d+)', line)
        self.address = f'http://127.0.0.1:{port.group(1)}'
        options = {'binary': CHROMIUM, 'prefs': {'download.default_directory': str(folder),
                                                 'intl.accept_languages': language},
                   'args': ['--headless=new', '--no-sandbox', '--disable-gpu', f'--lang={language}',
                            '--hide-scrollbars=false', f'--user-data-dir={folder}/profile',
                            f'--window-size={size[0]},{size[1]}']}
        answer = self.call('POST', '/session', {'capabilities': {'alwaysMatch': {
            'browserName': 'chrome', 'goog:chromeOptions': options,
            'goog:loggingPrefs': {'browser': 'ALL'}, 'unhandledPromptBehavior': 'accept'}}})
        self.session = '/session/' + answer['sessionId']
        self.size(*size)

    def close(self):
        try:
            if self.session:
                self.call('DELETE', self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(10)
            self.driver.stdout.close()

    def call(self, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == 'POST' else None
        request = urllib.request.Request(self.address + path, data, method=method,
                                         headers={'Content-Type': 'application/json'})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)['value']
        except urllib.error.HTTPError as error:
            value = json.load(error)['value']
            raise RuntimeError(f"{value['error']}: {value['message']}") from None

    def post(self, path, **body):
        return self.call('POST', self.session + path, body)

    def developer(self, command, **parameters):
        return self.post('/goog/cdp/execute', cmd=command, params=parameters)

    def size(self, width, height):
        """Of what the page gets, not of the window."""
        self.developer('Emulation.setDeviceMetricsOverride', width=width, height=height,
                       deviceScaleFactor=1, mobile=False)

    def open(self, path):
        self.post('/url', url=path.resolve().as_uri())

    def reload(self):
        self.post('/refresh')

    def run(self, script, *arguments):
        """What the JavaScript returns; a promise is waited for."""
        return self.post('/execute/sync', script=script, args=list(arguments))

    def wait(self, what, script, *arguments, seconds=10):
        """Until the JavaScript expression is true."""
        end = time.monotonic() + seconds
        while True:
            value = self.run(f'return ({script})', *arguments)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f'{what}: not within {seconds} s')
            time.sleep(0.03)

    def press(self, *keys):
        """Each key by itself; 'Ctrl+s' holds Ctrl."""
        actions = []
        for key in keys:
            *held, last = key.split('+') if len(key) > 1 else [key]
            codes = [KEYS.get(name, name) for name in [*held, last]]
            actions += [{'type': 'keyDown', 'value': code} for code in codes]
            actions += [{'type': 'keyUp', 'value': code} for code in reversed(codes)]
        self.post('/actions', actions=[{'type': 'key', 'id': 'keys', 'actions': actions}])

    def type(self, text):
        self.press(*text)

    def find(self, selector):
        return self.post('/element', using='css selector', value=selector)[ELEMENT]

    def click(self, selector):
        self.post(f'/element/{self.find(selector)}/click')

    def choose(self, selector, value):
        self.click(f'{selector} option[value="{value}"]')

    def upload(self, selector, path):
        self.post(f'/element/{self.find(selector)}/value', text=str(path))

    def wheel(self, selector, down):
        self.post('/actions', actions=[{'type': 'wheel', 'id': 'wheel', 'actions': [
            {'type': 'scroll', 'x': 0, 'y': 0, 'deltaX': 0, 'deltaY': down, 'duration': 0,
             'origin': {ELEMENT: self.find(selector)}}]}])

    def screenshot(self, path, **options):
        answer = self.developer('Page.captureScreenshot', format='png', **options)
        path.write_bytes(base64.b64decode(answer['data']))

    def complaints(self):
        """What the console says since it was asked last, but for plain messages."""
        return [entry['message'] for entry in self.post('/se/log', type='browser')
                if entry['level'] in ('SEVERE', 'WARNING')]
