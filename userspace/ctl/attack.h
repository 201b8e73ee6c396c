/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a technique of MITRE ATT&CK means, in our own words. */
#ifndef WXG_CTL_ATTACK_H
#define WXG_CTL_ATTACK_H

/* By its id, "T1059.004"; NULL if there are no words for it. */
const char *attack_words(const char *id);

#endif
