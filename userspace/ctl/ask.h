/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Are you sure?", for what cannot be taken back or is long to read.
 */
#ifndef WXG_CTL_ASK_H
#define WXG_CTL_ASK_H

#include "ctl.h"

/**
 * ask_yes() - ask the person at the terminal
 * @question: without the "[y/N]"
 * @unattended: what to say where nobody is there to answer (ends with --yes)
 * @declined: what to say after a no
 *
 * Return: 0 for a yes, else the exit code of the complaint.
 */
int ask_yes(const char *question, const char *unattended, const char *declined);

#endif
