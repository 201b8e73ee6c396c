// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of all tables of truth.
 * Any context that may use a shared buffer; pure.
 */
#include "cases.h"

char wxg_cases_why[512];

const struct wxg_cases *const wxg_cases[] = {
	&wxg_cases_prot,
	&wxg_cases_origin,
	&wxg_cases_mmap,
	&wxg_cases_mprotect,
	&wxg_cases_glob,
	&wxg_cases_interp,
	&wxg_cases_decide,
	&wxg_cases_promises,
	&wxg_cases_match,
	&wxg_cases_prefix,
	&wxg_cases_check_class,
	&wxg_cases_check,
	&wxg_cases_check_scope,
	&wxg_cases_check_bounds,
	&wxg_cases_check_each_class,
	&wxg_cases_check_lengths,
	&wxg_cases_danger,
	&wxg_cases_scope,
	NULL
};
