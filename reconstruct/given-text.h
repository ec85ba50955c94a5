/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Given text: the characters of a page from its plain text, their places from a picture of it.
 *
 * In: what OCR read of the picture, and the text that was extracted from the page once, nearly
 * right but its lines in any order. Out: the same evidence with the text's characters where the
 * picture has them. Every character of the text is in it once; where picture and text disagree,
 * both are noticed ("given"). It cannot know where a line stands that was not found on the picture:
 * such lines come below the page, each noticed ("unplaced").
 */
#pragma once

#include "page.h"

/* More characters than any page has; the time goes with them times the page's glyphs. */
#define GIVEN_TEXT_MOST 100000u

/* `read`: a page as OCR leaves it; `text`: UTF-8, of that page, of at most GIVEN_TEXT_MOST
 * characters. A new page. */
Page *given_text_place(const Page *read, const char *text);
