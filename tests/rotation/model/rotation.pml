/* SPDX-License-Identifier: Apache-2.0 */
/* A rotation as docs/rotation.md tells it: one app, the journal, the store, the service that logs in, and processes
 * that end at any moment. KIND is SIGNING, ENCRYPTION or SECRET; with RECALLS 1 the store gives back what it has.
 * The names of steps and phases are those of okta_rotation_step_name() and okta_rotation_phase_name(); a test
 * compares them.
 *
 * What must hold:
 *   works    at every moment the credential that the service uses is active at the org
 *   unused   nothing is deleted that the service uses, and nothing that was there before but was not to be replaced
 *   clean    when the journal has forgotten the rotation, the app has the old credential or the new one, not both
 *   ends     every run that is interrupted ends at last
 */
#define SIGNING    1
#define ENCRYPTION 2
#define SECRET     3

#ifndef KIND
#define KIND SIGNING
#endif
#ifndef RECALLS
#define RECALLS 1
#endif

/* How often a process ends, and how many new credentials there are then at most. 0 is the old one. */
#define ENDS 2
#define NEWS 4

mtype:phase = { none, prepared, stored, added, proven, switched, retired, undoing };
mtype:step = { make, store, add, activate, prove, switch, deactivate, delete, wait, finish };
mtype:status = { absent, off, on };

/* What outlives a process. */
mtype:phase phase = none;
byte fresh = 0;       /* the new one that the journal names */
bool dropped[NEWS];   /* new ones that were given up */
byte kept = 0;        /* the latest that the store has; 0: none */
bool replaced = true; /* the old one is to be replaced */
mtype:status org[NEWS];
bool late[NEWS];      /* a request that adds it is on its way, and nobody waits for it */
byte used = 0;        /* by the service */
bool over = false;

/* Of a process. */
bool has;             /* the new one is at hand */
byte made = 0;        /* how many there were */
byte ended = 0;       /* processes */
bool bad;             /* the proof says no, once */
mtype:step at = wait;

/* The service decrypts with all that the store ever got; it logs in with one. */
#if KIND == ENCRYPTION
#define WORKS (org[0] == on || org[1] == on || org[2] == on || org[3] == on)
#else
#define WORKS (org[used] == on)
#endif

/* An active encryption key takes the place of the other one. */
inline set_active(which)
{
#if KIND == ENCRYPTION
    byte k;
    for (k : 0 .. NEWS - 1) {
        if
        :: org[k] == on -> org[k] = off
        :: else
        fi
    }
    k = 0;
#endif
    org[which] = on
}

#if KIND == ENCRYPTION
#define ADDED_AS off
#else
#define ADDED_AS on
#endif

/* The process ends here, or goes on. */
#define MAY_END if :: ended < ENDS -> ended++; goto begin :: true fi

/* A request was sent: the process may end before the org has it, which it may still do later; or before the answer
 * is in the journal. */
inline send_add()
{
    if
    :: ended < ENDS -> late[fresh] = true; ended++; goto begin
    :: true -> if :: org[fresh] == absent -> org[fresh] = ADDED_AS :: else fi
    fi;
    MAY_END
}

active proctype org_gets_late_requests()
{
    byte i;
    end:
    do
    :: atomic { late[1] -> late[1] = false; if :: org[1] == absent -> org[1] = ADDED_AS :: else fi }
    :: atomic { late[2] -> late[2] = false; if :: org[2] == absent -> org[2] = ADDED_AS :: else fi }
    :: atomic { late[3] -> late[3] = false; if :: org[3] == absent -> org[3] = ADDED_AS :: else fi }
    od
}

/* What was sent before the quiet time has arrived by its end, or never does. */
#define QUIET (!late[1] && !late[2] && !late[3])

active proctype process()
{
    byte i;
    byte gone;
    org[0] = on;
    org[1] = absent;
    org[2] = absent;
    org[3] = absent;

begin:
    has = false;
    if
    :: over -> goto done
    :: else
    fi;
    /* The store is asked for the new one, and a secret is found at the org. */
    if
    :: fresh != 0 && (RECALLS && kept == fresh) -> has = true
    :: fresh != 0 && KIND == SECRET && org[fresh] != absent -> has = true
    :: else
    fi;

decide:
    /* What was given up goes first. */
    gone = 0;
    for (i : 1 .. NEWS - 1) {
        if
        :: dropped[i] && org[i] != absent -> gone = i
        :: else
        fi
    }
    i = 0;
    if
    :: gone != 0 && org[gone] == off ->
        at = delete;
        assert(gone != used);
        MAY_END;
        org[gone] = absent;
        MAY_END;
        goto decide
#if KIND == ENCRYPTION
    :: gone != 0 && org[gone] == on ->
        at = activate;
        MAY_END;
        atomic { set_active(0) };
        MAY_END;
        goto decide
#else
    :: gone != 0 && org[gone] == on ->
        at = deactivate;
        assert(gone != used);
        MAY_END;
        org[gone] = off;
        MAY_END;
        goto decide
#endif
    :: else
    fi;
    if
    :: phase == none -> goto make_one
    :: phase == undoing ->
        at = wait;
        QUIET;
        if
        :: (dropped[1] && org[1] != absent) || (dropped[2] && org[2] != absent) || (dropped[3] && org[3] != absent) ->
            goto decide
        :: else
        fi;
        at = finish;
        MAY_END;
        over = true;
        goto done
#if KIND == SECRET
    :: phase == prepared && org[fresh] != absent -> phase = added; goto decide
    :: phase == prepared && org[fresh] == absent && has ->
        at = add;
        send_add();
        phase = added;
        MAY_END;
        goto decide
    :: phase == prepared && org[fresh] == absent && !has -> goto make_one
    :: (phase == added || phase == stored) && (org[fresh] == absent || !has) -> goto make_one
    :: (phase == added || phase == stored) && org[fresh] == off && has -> goto activate_it
    :: phase == added && org[fresh] == on && has ->
        at = store;
        MAY_END;
        kept = fresh;
        MAY_END;
        phase = stored;
        MAY_END;
        goto decide
    :: phase == stored && org[fresh] == on && has -> goto prove_it
#else
    :: phase == prepared && has ->
        at = store;
        MAY_END;
        kept = fresh;
        MAY_END;
        phase = stored;
        MAY_END;
        goto decide
    :: phase == prepared && !has -> goto make_one
    :: phase == stored && org[fresh] != absent -> phase = added; goto decide
    :: phase == stored && org[fresh] == absent && has ->
        at = add;
        send_add();
        phase = added;
        MAY_END;
        goto decide
    :: phase == stored && org[fresh] == absent && !has -> goto make_one
    :: phase == added && (org[fresh] == absent || !has) -> goto make_one
    :: phase == added && org[fresh] == off && has -> goto activate_it
    :: phase == added && org[fresh] == on && has -> goto prove_it
#endif
    :: phase == proven ->
        assert(org[fresh] == on);
        at = switch;
        MAY_END;
        used = fresh;
        MAY_END;
        phase = switched;
        MAY_END;
        goto decide
    :: phase == switched && org[0] == on && replaced ->
        assert(org[fresh] == on && used != 0);
        at = deactivate;
        MAY_END;
        org[0] = off;
        MAY_END;
        goto decide
    :: phase == switched && (org[0] != on || !replaced) ->
        phase = retired;
        MAY_END;
        goto decide
    :: phase == retired && org[0] == off && replaced ->
        assert(org[fresh] == on && used != 0);
        at = delete;
        MAY_END;
        org[0] = absent;
        MAY_END;
        goto decide
    :: phase == retired && (org[0] == absent || !replaced) ->
        at = wait;
        QUIET;
        if
        :: (dropped[1] && org[1] != absent) || (dropped[2] && org[2] != absent) || (dropped[3] && org[3] != absent) ->
            goto decide
        :: else
        fi;
        at = finish;
        MAY_END;
        over = true;
        goto done
    fi;

activate_it:
    at = activate;
    MAY_END;
    atomic { set_active(fresh) };
    MAY_END;
    goto decide;

prove_it:
    at = prove;
    MAY_END;
    if
    :: !bad ->
        bad = true;
        dropped[fresh] = true;
        fresh = 0;
        phase = undoing
    :: true ->
        phase = proven
    fi;
    MAY_END;
    goto decide;

make_one:
    at = make;
    MAY_END;
    made++;
    assert(made < NEWS);
    atomic {
        /* What may have been sent must not stay. */
        if
#if KIND == SECRET
        :: fresh != 0 -> dropped[fresh] = true
#else
        :: fresh != 0 && phase != prepared -> dropped[fresh] = true
#endif
        :: else
        fi;
        fresh = made;
        phase = prepared
    };
    has = true;
    MAY_END;
    goto decide;

done:
    /* One credential, and it is used. */
    if
    :: phase == undoing -> assert(org[0] == on && used == 0 && org[1] == absent && org[2] == absent && org[3] == absent)
    :: else -> assert(used == fresh && org[fresh] == on && (org[0] == absent || !replaced));
               for (i : 1 .. NEWS - 1) { assert(i == fresh || org[i] == absent) }
    fi
}

ltl works { [] (org[0] == 0 || WORKS) }
ltl ends { <> over }
