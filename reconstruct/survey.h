/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Survey: what must be known of the document as a whole before its pages are put together: running
 * heads, folios, the size of body text. Keeps a small record per page (some 2 KiB), not the pages.
 *
 * Running heads follow X. Lin, Header and footer extraction by page association (2003): lines at
 * the page's edges are compared with those of the neighbouring pages, digits masked.
 */
#pragma once

#include "header-rows.h"
#include "hyphens.h"

typedef enum { ROLE_BODY, ROLE_HEAD, ROLE_FOLIO } Role;

typedef struct Survey Survey;

Survey *survey_new(void);
void survey_free(Survey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Survey, survey_free)

/* Pages in ascending order. */
void survey_add(Survey *survey, const Page *page, const Layout *layout);

/* After the last page: decides. */
void survey_finish(Survey *survey);

/* The role of a line of this page's layout. */
Role survey_role(const Survey *survey, guint32 page, guint line);

/* What it learned of the document's words; borrowed. */
const Hyphens *survey_hyphens(const Survey *survey);

/* Which rows head a table, as the next page says; borrowed. */
const HeaderRows *survey_header_rows(const Survey *survey);

/* Is nearly all text outside of tables set in a face with serifs, as Mincho is? */
gboolean survey_body_is_serif(const Survey *survey);

/* The size of this page's running text, points: that of most of the document's characters (10.5 if
 * there are none), or a larger one that the long lines of this page have outside of tables. */
double survey_body_size(const Survey *survey, guint32 page);
