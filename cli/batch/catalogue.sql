-- SPDX-License-Identifier: GPL-3.0-or-later
-- The catalogue of a batch. Times are UTC, sizes bytes, durations seconds.
PRAGMA user_version = 4;

-- What can change a result beside the document's bytes.
CREATE TABLE makings (
  id INTEGER PRIMARY KEY,
  version TEXT NOT NULL,    -- of yomijun
  options TEXT NOT NULL,
  libraries TEXT NOT NULL,  -- poppler, poppler-data, tesseract, and the hashes of models
  UNIQUE (version, options, libraries)
);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  started TEXT NOT NULL,
  ended TEXT,
  state TEXT NOT NULL,      -- running, done, interrupted, stopped
  archive TEXT NOT NULL,
  shard TEXT,               -- I/N
  making INTEGER NOT NULL REFERENCES makings,
  jobs INTEGER NOT NULL,
  planned INTEGER NOT NULL, -- documents to do
  host TEXT NOT NULL, process INTEGER NOT NULL, -- where it ran
  UNIQUE (started, host, process)
);

-- The last attempt at each document, and its result.
CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE, -- in the archive; in an archive file, behind that file's: c.zip/b.pdf, and
                             -- c.zip/ for the page images at its top
  kind TEXT NOT NULL,        -- pdf, image, text, folder
  container TEXT,            -- the archive file it is in
  size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER, device INTEGER,  -- times: nanoseconds
  sha256 TEXT,
  outcome TEXT NOT NULL,     -- ok, empty, partial, timeout, memory, crash, encrypted, damaged, unsupported
  reason TEXT,
  run INTEGER NOT NULL,
  making INTEGER NOT NULL REFERENCES makings,
  pages INTEGER, pages_failed INTEGER, pages_ocr INTEGER,
  characters INTEGER, unread INTEGER,
  seconds REAL, processor REAL, memory INTEGER,
  corrections TEXT,          -- the hash of the file of corrections that was used
  copy_of INTEGER,           -- the document with the same bytes whose result this is
  output_sha256 TEXT, output_bytes INTEGER, output_making INTEGER, -- of the result in its place
  text_sha256 TEXT,          -- of the plain text beside it; '': there is an old one to be removed
  staged INTEGER NOT NULL DEFAULT 0,  -- 1: the result is about to be put there
  former INTEGER NOT NULL DEFAULT 0,  -- 1: the one before it is kept until accepted
  gone INTEGER NOT NULL DEFAULT 0     -- 1: no longer in the archive
);
CREATE INDEX documents_sha256 ON documents (sha256);

-- Of the last attempt.
CREATE TABLE pages (
  document INTEGER NOT NULL, page INTEGER NOT NULL,
  outcome TEXT NOT NULL,     -- ok, or as of documents
  reason TEXT,
  characters INTEGER NOT NULL, unread INTEGER NOT NULL, ocr INTEGER NOT NULL,
  PRIMARY KEY (document, page)
) WITHOUT ROWID;
CREATE TABLE warnings (document INTEGER NOT NULL, line TEXT NOT NULL);
CREATE INDEX warnings_document ON warnings (document);

-- How the result differs from the former one: a row for each change, or for many.
CREATE TABLE changes (
  document INTEGER NOT NULL,
  class TEXT NOT NULL,      -- of yomijun diff
  count INTEGER NOT NULL,
  page INTEGER, zone TEXT,  -- of the result; no zone where it has nothing of it
  old TEXT, new TEXT,       -- what differs, cut off after some
  what TEXT                 -- … in words where the texts do not say it
);
CREATE INDEX changes_document ON changes (document);

-- Corrections of people that do not fit any more.
CREATE TABLE unfit_corrections (document INTEGER NOT NULL, line TEXT NOT NULL);
CREATE INDEX unfit_corrections_document ON unfit_corrections (document);
