// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the UAPI enums, for rules files, output and the kernel log.
 * Any context. Constant data: nothing here changes after it is built.
 */
#include "class.h"

static const char *const modes[] = {
	[WXGUARD_MODE_OFF] = "off",
	[WXGUARD_MODE_LEARN] = "learn",
	[WXGUARD_MODE_DETECT] = "detect",
	[WXGUARD_MODE_ENFORCE] = "enforce",
};

static const char *const actions[] = {
	[WXGUARD_ACTION_OFF] = "off",
	[WXGUARD_ACTION_LOG] = "log",
	[WXGUARD_ACTION_DENY] = "deny",
	[WXGUARD_ACTION_KILL] = "kill",
};

static const char *const verdicts[] = {
	[WXGUARD_VERDICT_LOGGED] = "logged",
	[WXGUARD_VERDICT_WOULD_DENY] = "would_deny",
	[WXGUARD_VERDICT_WOULD_KILL] = "would_kill",
	[WXGUARD_VERDICT_DENIED] = "denied",
	[WXGUARD_VERDICT_KILLED] = "killed",
	[WXGUARD_VERDICT_SPARED] = "spared",
};

static const char *const origins[] = {
	[WXGUARD_ORIGIN_FILE] = "file",
	[WXGUARD_ORIGIN_MEMFD] = "memfd",
	[WXGUARD_ORIGIN_MEMFD_HUGETLB] = "memfd_hugetlb",
	[WXGUARD_ORIGIN_SHARED_ANON] = "shared_anon",
	[WXGUARD_ORIGIN_SYSV_SHM] = "sysv_shm",
	[WXGUARD_ORIGIN_MEMORY_OTHER] = "memory_other",
	[WXGUARD_ORIGIN_DEV_SHM] = "dev_shm",
	[WXGUARD_ORIGIN_RUN_SHM] = "run_shm",
};

static const char *const regions[] = {
	[WXGUARD_REGION_ANON] = "anon",
	[WXGUARD_REGION_HEAP] = "heap",
	[WXGUARD_REGION_STACK] = "stack",
	[WXGUARD_REGION_FILE_PRIVATE] = "file_private",
	[WXGUARD_REGION_FILE_SHARED] = "file_shared",
};

static const char *const roles[] = {
	[WXGUARD_ROLE_JUDGE] = "judge",
	[WXGUARD_ROLE_WITNESS] = "witness",
	[WXGUARD_ROLE_NET] = "net",
};

static const char *const engines[] = {
	[WXGUARD_ENGINE_FTRACE] = "ftrace",
	[WXGUARD_ENGINE_KPROBE] = "kprobe",
	[WXGUARD_ENGINE_KRETPROBE] = "kretprobe",
	[WXGUARD_ENGINE_TRACEPOINT] = "tracepoint",
};

static const char *const hook_states[] = {
	[WXGUARD_HOOK_OFF] = "off",
	[WXGUARD_HOOK_ARMED] = "armed",
	[WXGUARD_HOOK_PROVED] = "proved",
};

static const char *const tampers[] = {
	[WXGUARD_TAMPER_UNSPEC] = "none",
	[WXGUARD_TAMPER_EXEC] = "exec",
	[WXGUARD_TAMPER_MPROTECT] = "mprotect",
	[WXGUARD_TAMPER_CANARY] = "canary",
	[WXGUARD_TAMPER_MISSED] = "missed",
	[WXGUARD_TAMPER_UNLOAD] = "unload",
	[WXGUARD_TAMPER_BUDGET] = "budget",
};

/* Each enum only grows at its end, so an equal length is a complete table. */
static_assert(ARRAY_SIZE(modes) == __WXGUARD_MODE_MAX, "a mode has no name");
static_assert(ARRAY_SIZE(actions) == __WXGUARD_ACTION_MAX, "an action has no name");
static_assert(ARRAY_SIZE(verdicts) == __WXGUARD_VERDICT_MAX, "a verdict has no name");
static_assert(ARRAY_SIZE(origins) == __WXGUARD_ORIGIN_MAX, "an origin has no name");
static_assert(ARRAY_SIZE(regions) == __WXGUARD_REGION_MAX, "a region has no name");
static_assert(ARRAY_SIZE(roles) == __WXGUARD_ROLE_MAX, "a role has no name");
static_assert(ARRAY_SIZE(engines) == __WXGUARD_ENGINE_MAX, "an engine has no name");
static_assert(ARRAY_SIZE(hook_states) == __WXGUARD_HOOK_STATE_MAX, "a state has no name");
static_assert(ARRAY_SIZE(tampers) == __WXGUARD_TAMPER_MAX, "a tamper has no name");

static const char *name_of(const char *const *table, size_t count, u32 value)
{
	return value < count ? table[value] : "?";
}

static int value_of(const char *const *table, size_t count, const char *name,
		    size_t len)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (strlen(table[i]) == len && !memcmp(table[i], name, len))
			return (int)i;
	}
	return -1;
}

const char *wxg_mode_name(u32 mode)
{
	return name_of(modes, ARRAY_SIZE(modes), mode);
}

const char *wxg_action_name(u32 action)
{
	return name_of(actions, ARRAY_SIZE(actions), action);
}

const char *wxg_verdict_name(u32 verdict)
{
	return name_of(verdicts, ARRAY_SIZE(verdicts), verdict);
}

const char *wxg_origin_name(u32 origin)
{
	return name_of(origins, ARRAY_SIZE(origins), origin);
}

const char *wxg_region_name(u32 region)
{
	return name_of(regions, ARRAY_SIZE(regions), region);
}

const char *wxg_role_name(u32 role)
{
	return name_of(roles, ARRAY_SIZE(roles), role);
}

const char *wxg_engine_name(u32 engine)
{
	return name_of(engines, ARRAY_SIZE(engines), engine);
}

const char *wxg_hook_state_name(u32 state)
{
	return name_of(hook_states, ARRAY_SIZE(hook_states), state);
}

const char *wxg_tamper_name(u32 tamper)
{
	return name_of(tampers, ARRAY_SIZE(tampers), tamper);
}

int wxg_mode_parse(const char *name, size_t len)
{
	return value_of(modes, ARRAY_SIZE(modes), name, len);
}

int wxg_action_parse(const char *name, size_t len)
{
	return value_of(actions, ARRAY_SIZE(actions), name, len);
}
