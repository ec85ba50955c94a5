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

/* `read`: a page as OCR leaves it; `text`: UTF-8, of that page. A new page. */
Page *given_text_place(const Page *read, const char *text);
