/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Our KUnit suites, and what they share.
 */
#ifndef WXG_KUNIT_SUITES_H
#define WXG_KUNIT_SUITES_H

#include <kunit/test.h>

#include "faulty.h"

extern struct kunit_suite wxg_kunit_cases;
extern struct kunit_suite wxg_kunit_known;
extern struct kunit_suite wxg_kunit_known_bound;
extern struct kunit_suite wxg_kunit_known_memory;
extern struct kunit_suite wxg_kunit_ring;
extern struct kunit_suite wxg_kunit_rules_live;
extern struct kunit_suite wxg_kunit_finding;
extern struct kunit_suite wxg_kunit_dump;
extern struct kunit_suite wxg_kunit_repeat;
extern struct kunit_suite wxg_kunit_budget;
extern struct kunit_suite wxg_kunit_evidence;

#endif
