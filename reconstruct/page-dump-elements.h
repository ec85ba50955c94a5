/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page dump elements: what may stand in a page dump. Tables turn the name and the value of an
 * attribute into the field of a record; the writer takes its words from here, too. Only for
 * page-dump-write.c and page-dump-read.c.
 *
 * Unit and origin as in page.h. All that is given is const and nobody's to free; a record owns
 * nothing, and starts as its element's defaults. Values are read one by one: whether a record fits
 * its page, page_section_accepts() tells.
 */
#pragma once

#include "page-wire.h"

/* The word with this number, from 0; NULL past the last one. For flags, the word of this bit. */
typedef const char *(*WordOf)(guint i);

/* The version of the format, which the reader asks for: the first and only word. */
const char *dump_version(guint i);
const char *dump_glyph_flag(guint i);
const char *dump_style_flag(guint i);

typedef struct Attribute Attribute;

struct Attribute {
    const char *name;
    /* FALSE if the value is none of this attribute's; the field is undefined then */
    gboolean (*read)(const Attribute *attribute, const char *value, gpointer ret_field);
    gsize field; /* its offset in the record */
    WordOf words;
    guint n; /* how many floats, or the bytes of a text with its NUL */
    gboolean required;
};

/* The attributes of <page-dump>. */
typedef struct {
    guint8 version; /* number of its word */
} DumpRoot;

/* Those of <page>. */
typedef struct {
    guint32 number;
    guint8 painted_known;
    double width, height;
    gboolean labelled; /* whether there is a label; it can be empty */
    char label[PAGE_MAX_NAME + 1];
} DumpPage;

/* Those of <font>. */
typedef struct {
    char name[PAGE_MAX_NAME + 1];
} DumpFont;

/* Those of an element of a section. */
typedef union {
    Style style;
    Glyph glyph;
    Ruling ruling;
    Area area;
    Mark mark;
    Notice notice;
    Reading reading;
} DumpRecord;

typedef struct {
    const char *name;
    const Attribute *attributes; /* ends with a name of NULL */
    DumpRecord defaults;
} DumpElement;

/* End with a name of NULL. */
extern const Attribute DUMP_ROOT_ATTRIBUTES[]; /* of a DumpRoot */
extern const Attribute DUMP_PAGE_ATTRIBUTES[]; /* of a DumpPage */
extern const Attribute DUMP_FONT_ATTRIBUTES[]; /* of a DumpFont */

extern const DumpElement DUMP_ELEMENTS[PAGE_SECTIONS];
