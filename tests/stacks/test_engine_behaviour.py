"""What the engine does, topic by topic, and the tests that show it: the table in docs/explanation/engine.md is made of this one."""

# ruff: noqa: E501 - a row of the table is a line

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from tests.stacks.differences import DIFFERENCES
from tests.stacks.programs import PROGRAMS

HERE = Path(__file__).parent
DOC = HERE.parents[1] / "docs" / "explanation" / "engine.md"
BEGIN, END = "<!-- made by tests/stacks/test_engine_behaviour.py: pytest --update-golden writes it -->\n", "<!-- end of what is made -->\n"

TABLE: tuple[tuple[str, str, str, str], ...] = (
    # topic, behaviour, tests (without `test_`), programs that were recorded from the real CLI
    ("basic", "what `check` adds is in the inputs; nothing to do calls check and diff only; destroy takes the stack resource too", "create_same_update_delete a_default_of_check_is_stored_in_the_inputs many", "basic many"),
    ("preview", "changes nothing, writes no state, calls providers for previews only", "preview_changes_nothing_and_counts", ""),
    ("unknowns", "what is not known yet is not applied; what is known is", "unknown_values_are_not_applied_in_a_preview", "unknowns"),
    ("values", "numbers are floats in applies, nulls stay in lists and vanish at the top, references carry the URN", "numbers_lists_nulls_and_references a_resource_comes_back_from_a_reference", "values"),
    ("components", "URN types are chained with `$`; a component as a dependency is its child resources", "urns_chain_types_through_components a_component_as_dependency_is_its_children", "components component_as_dependency"),
    ("dependencies", "recorded by property; updates travel in order, and stop where inputs did not change", "property_dependencies_are_recorded_and_order_is_kept only_what_changed_is_updated", "dependencies"),
    ("parallel", "what does not depend runs side by side; `parallel` bounds it; any number of registrations wait for their answers, without a thread each", "what_does_not_depend_runs_side_by_side as_many_registrations_wait_as_there_are a_function_goes_on_where_it_was_however_often_it_asks what_it_raises_is_raised_where_it_is_waited_for a_function_of_the_program_has_a_thread", ""),
    ("removal", "what the program no longer has is deleted, dependents first; an empty program leaves the stack alone", "removed_resources_are_deleted_dependents_first an_empty_program_deletes_all_but_the_stack", "removal empty"),
    ("stack outputs", "changes of outputs alone are `same`; null is not stored", "stack_outputs_change_alone", "outputs"),
    ("configuration", "a missing required key fails the program, and nothing changes", "configuration_reaches_the_program_and_a_missing_key_changes_nothing secret_configuration", "config"),
    ("program", "plain or async; an exception keeps what was not reached; two runs in one process, and one inside a running loop", "async_programs_and_output_as_it_happens an_exception_in_the_program_keeps_what_it_did_not_reach two_stacks_at_once_and_one_inside_a_running_loop", "exception exception_in_an_apply"),
    ("duplicate", "an error with the URN; the others are made", "two_resources_of_one_name_are_an_error_that_names_it", "duplicate"),
    ("aliases", "by name, parent, type or URN: `same`, the old id under the new URN; children and what was not reached follow", "aliases_rename_reparent_and_retype a_type_alias_and_a_full_urn records_that_were_not_reached_follow_a_renamed_resource", "alias_rename alias_reparent alias_type rename_without_an_alias"),
    ("transforms", "the resource's own first, then its parents', then the stack's; options can be changed", "transforms_innermost_first_and_the_stacks_last a_run_after_a_failed_one_with_transforms_works transforms_that_ask_while_many_registrations_wait", "transforms"),
    ("hooks", "before and after each operation, not in previews; a failing before-hook ends the run without the call, and so does one that a deletion needs and nobody registered", "hooks_run_around_operations hooks_have_the_clis_names_and_those_of_earlier_versions_are_read", "hooks hook_after_fails"),
    ("secrets", "travel with values into inputs, outputs and the stack's outputs; outputs once secret stay so; a provider that cannot carry them gets plain values", "secret_inputs_stay_secret_wherever_they_go a_secret_that_becomes_plain_keeps_its_outputs_secret additional_secret_outputs a_provider_that_cannot_carry_secrets_gets_plain_values_and_they_come_back_secret", "secret_inputs secret_changed secret_becomes_plain secret_outputs secret_configuration_of_a_provider"),
    ("passphrase", "the CLI's format both ways; the wrong one is refused; an unchanged secret is stored unchanged; without one a key file of mode 600 is made", "the_wrong_passphrase_is_refused_and_an_unchanged_secret_is_stored_unchanged without_a_passphrase_one_is_made_that_only_the_owner_reads the_salt_and_the_ciphertext_are_the_clis a_salt_of_our_own_opens_again", ""),
    ("providers", "components pass theirs on; a default provider's configuration changes silently; moving to an equal explicit one is `same`; a bad configuration is said once, with the property; a refresh and the update after it share what is configured", "components_pass_their_provider_on the_default_providers_configuration_changes_silently moving_to_an_explicit_provider_of_equal_configuration a_refresh_and_the_update_after_it_share_a_configured_provider bad_configuration_of_a_provider an_unknown_package_and_a_provider_that_cannot_start", "provider_explicit provider_replaced provider_default provider_moved provider_bad_config provider_unknown_config"),
    ("replace", "made first, then dependents, then the old one goes; delete-first takes those along that would be replaced too; the option overrules the provider; a preview counts one replacement", "created_first_then_the_old_ones_go deleted_first_takes_its_dependents_along the_providers_wish_is_overruled_by_the_option who_no_longer_needs_it_is_not_deleted_with_it what_was_not_known_may_turn_out_to_be_as_it_is", "replace_create_first replace_delete_first replace_delete_first_by_the_provider replace_and_remove"),
    ("replace on", "named properties, paths and `*`; triggers; `replace_with`; on demand; steps name the property that forced it", "replace_on_changes triggers_and_company replace_on_demand steps_name_what_forced_a_replacement", "replace_on_changes replace_trigger replace_on_demand"),
    ("replace fails", "the old object stays; what could not be deleted is deleted by the next run; an interrupted delete-first is finished", "a_failed_replacement_leaves_the_old_one_in_place an_old_object_that_stays_is_deleted_by_the_next_run an_interrupted_delete_before_replace_is_finished halves_of_replacements_that_need_each_other_in_a_circle_are_deleted", "replace_old_stays replace_fails replace_delete_first_fails"),
    ("protect", "removal, replacement and destroy are refused; destroy can leave the protected ones", "protected destroy_can_leave_the_protected_ones", "protect destroy_leaves_protected"),
    ("retain, deleted with", "no delete call; children do as their parent says", "retained_objects_stay deleted_with_its_owner children_are_kept_and_go_as_their_parent_says", "retain deleted_with inherited"),
    ("ignore changes", "old inputs stay, nested paths and `*` too", "ignored_changes", "ignore_changes"),
    ("timeouts", "seconds in the state, each operation gets its own", "timeouts_in_seconds", "timeouts"),
    ("import", "an existing object is adopted, then brought to the program; a missing one is an error", "import", "import_existing import_with_other_inputs"),
    ("read, invoke", "external resources are read each time; functions are not called with unknown arguments, and their failure names them", "read invoke a_blocking_invoke_through_an_explicit_provider_and_its_transform", "read read_missing invoke"),
    ("stack reference", "outputs of a neighbour, secret ones secret; a missing stack is an error", "stack_reference", "stack_reference"),
    ("targets", "by URN, name or TYPE::NAME; others are `same`; what needs a target is named; unknown ones are an error", "targets", "targets target_dependents target_that_needs_another excluded excluded_and_needed"),
    ("refresh", "takes drift into the state and `up` puts it back; what vanished is forgotten, and its children lose the parent", "refresh_takes_drift_and_up_puts_it_back refresh_of_what_vanished", "refresh_drift refresh_of_outputs refresh_vanished refresh_in_an_update refresh_of_a_target"),
    ("refresh, then program", "the program begins while the refresh reads, and is answered once that has ended well; if it has not, the program ends and nothing was asked of anyone. A preview tells what stays as it is as soon as that is read, and all else then", "a_program_is_begun_while_the_refresh_reads ctrl_c_before_anything_was_begun_leaves_no_program_waiting what_a_program_says_first_is_heard_before_it_is_answered whoever_waits_is_told_that_the_run_is_ending whoever_waits_when_the_loop_has_gone_is_told_too a_call_that_this_engine_does_not_have_is_named what_it_asks_waits_for_the_refresh a_refresh_that_fails_ends_the_program_before_it_did_anything a_program_that_fails_at_once_is_told_after_the_refresh a_state_that_cannot_be_written_ends_the_program a_preview_tells_what_stays_as_it_is_before_all_is_read an_update_tells_nothing_before_all_is_read a_new_name_is_claimed_before_what_it_was_is_read a_new_name_of_what_is_gone_is_a_new_thing what_is_gone_and_not_wanted_any_more_is_not_deleted a_preview_whose_refresh_fails_tells_of_that_and_asks_nothing a_log_in_that_fails_is_told_once a_fault_beside_a_refresh_that_fails_is_not_told of_several_names_the_one_that_is_there_is_taken things_are_changed_with_the_providers_new_configuration", ""),
    ("shortcuts", "what the SDK does at each registration for nobody here is left out, and what it leaves to the garbage collector; programs of the CLI in the same process keep it", "no_stack_trace_is_taken_for_this_engine_and_one_is_for_the_cli a_urn_is_made_as_the_sdk_makes_it where_the_cli_runs_the_program_the_sdk_makes_it messages_for_debugging_go_to_the_cli_only a_property_is_what_the_sdk_makes_of_it unknowns_are_seen_as_the_sdk_sees_them looking_for_unknowns_leaves_nothing_to_the_garbage_collector the_end_of_a_program_is_not_looked_for_at_each_output what_fails_at_a_programs_end_is_raised_while_others_wait a_run_leaves_nothing_that_only_the_garbage_collector_could_free", ""),
    ("differences", "by path, as deep as both sides have one shape; secrets show nothing", "differences_go_as_deep_as_both_sides_have_one_shape", ""),
    ("events", "Pulumi's own JSON, read back by the SDK; secrets masked", "events_are_read_back_by_the_sdk_as_they_were a_part_that_is_not_set_is_left_out", ""),
    ("plans", "what was approved is done or nothing: other operations, inputs or states are named, and what nobody asks for any more; what was not known then may turn out the same; secrets are digests", "what_was_approved_is_applied every_other_wish_is_refused_and_named a_state_that_moved_on_is_seen an_adopted_object_and_its_update_are_one_plan no_secret_is_in_a_plan a_file_that_is_no_plan_is_named", "plan_applied plan_of_an_update plan_and_another_value plan_and_a_new_resource plan_and_a_resource_less plan_and_a_removal plan_of_a_removal plan_of_a_removal_and_it_stays plan_of_an_addition_made_already plan_and_a_replacement plan_of_a_replacement plan_that_is_done_already"),
    ("policy packs", "packs for the CLI run unchanged: a preview names all violations; an update ends at the first mandatory one, before that resource's provider is called, and deletes nothing, `continue_on_error` or not; advisory ones are said; what is no target is judged as it was", "a_preview_names_every_violation_and_fails a_mandatory_violation_ends_an_update_before_the_provider_is_called an_advisory_one_is_said_only what_is_not_known_yet_is_no_violation the_provinces_pack_closes_login_ports_and_wants_a_system_on_every_server", "policy_levels policy_in_the_middle_of_an_update policy_and_going_on policy_packs_together policy_sees policy_and_what_is_not_known_yet policy_and_a_failed_check policy_and_targets policy_and_an_import"),
    ("policy packs: remediations", "change inputs before the provider sees them, under a plan too; the next run has nothing to do; secrets stay secret", "a_remediation_changes_the_inputs_before_the_provider_sees_them", "policy_remediation policy_remediation_takes_a_default_away policy_remediation_replaces policy_remediation_of_a_secret policy_and_a_plan"),
    ("policy packs: the stack", "its policies are heard once all is done, deletions too, with outputs; the stack's outputs are stored then; what is about no resource is about the stack", "a_stack_policy_sees_all_resources_with_their_outputs", "policy_of_the_stack"),
    ("policy packs: faults", "levels and settings are checked before anything runs; a folder that is no pack, and a policy that raises, are named", "settings_and_levels_are_configured all_faults_of_a_configuration_are_told_at_once a_folder_that_is_no_pack_is_named a_policy_that_raises_is_named_by_its_line", "policy_configuration policy_initial_configuration policy_raises policy_pack_that_is_none"),
    ("failed create", "nothing of it is in the state; the rest stays; the next run goes on", "a_failed_create", "create_fails"),
    ("made, not ready", "kept with `initErrors`; the next run updates it", "made_but_not_ready", "made_but_not_ready updated_but_not_ready"),
    ("failed update, delete", "the old record stays; the next run repeats it", "a_failed_update a_failed_delete no_deletes_after_a_failure a_deletion_that_cannot_be_recorded_is_not_done_and_is_no_fault_of_the_program", "update_fails delete_fails read_fails no_deletes_after_a_failure"),
    ("continue on error", "what does not need the failed one is done; still an error", "going_on_after_an_error", "going_on_after_an_error"),
    ("failed check", "property and reason, in a preview too; the others are made", "a_failed_check_names_property_and_reason", "check_fails"),
    ("no changes expected", "changes are then an error", "expecting_no_changes", "no_changes_expected"),
    ("interrupted", "what was begun ends and is recorded; a second Ctrl-C does not wait, and the stack stays locked while the process lives", "interrupted_by_cancel_nothing_is_lost a_read_that_is_not_begun_any_more_is_no_error_of_its_own a_second_ctrl_c_does_not_wait_and_what_still_goes_on_keeps_the_stack a_cancel_between_the_refresh_and_the_update_is_not_lost an_interrupted_preview_ends_while_it_reads", "interrupted_and_run_again deletion_is_not_begun_after_an_interrupt"),
    ("killed", "recorded before the call, so the next run repeats it: at every point nothing is lost or made twice; what was asked for a moment ago is waited for; a create that nobody wants any more is warned of, also after a destroy, until it is cleared", "killed_in_a_create killed_in_an_update killed_in_a_delete killed_in_a_replacement a_crash_at_any_point_of_an_update_loses_nothing_and_makes_nothing_twice what_a_killed_run_asked_for_a_moment_ago_is_waited_for", "killed_in_a_create killed_in_a_create_that_is_not_wanted_any_more killed_in_an_update killed_in_a_deletion killed_and_destroyed"),
    ("lock", "the second run is refused at once with who runs, a preview is not; a dead holder holds nothing", "the_second_of_two_runs_is_refused_at_once whoever_holds_the_lock_is_named", "a_second_run_is_refused a_preview_beside_a_run_is_none"),
    ("history", "who, when, how it ended, what changed", "history_and_info the_history_says_who a_history_of_an_older_version_is_read", ""),
    ("export, import", "deployment JSON version 3 both ways, sealed or in clear; what is not whole, or another stack's, is refused", "export_and_import_move_a_stack a_state_that_the_cli_wrote_is_read a_sealed_export_is_imported_with_its_passphrase_alone half_a_deployment_is_refused records_are_ordered_by_need_whatever_their_age", ""),
    ("state by hand", "rm refuses while others need it; mv keeps order and references, of begun operations too; unprotect", "a_record_that_others_need_stays_unless_it_is_forced a_renamed_record_keeps_its_place_and_its_references the_program_goes_on_under_the_new_name a_new_name_that_cannot_be_is_refused a_name_that_several_have_is_told_apart_by_its_type unprotected_ones_can_be_destroyed pending_operations_follow_a_renamed_resource", ""),
    ("state file", "one that is none is named; destroy with `remove` takes it along", "a_file_that_is_no_state_is_named a_state_that_the_writer_cannot_open_ends_the_run_before_it_did_anything destroy_with_remove_takes_the_file_along", ""),
)  # fmt: skip


def shown() -> dict[str, str]:
    """Every test of the engine, and its file."""
    found: dict[str, str] = {}
    for file in sorted(HERE.glob("test_engine_*.py")):
        if file not in (Path(__file__), HERE / "test_engine_recorded.py"):  # that one's are the last column
            names = (node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
            found |= {name.removeprefix("test_"): file.stem.removeprefix("test_engine_") for name in names if name.startswith("test_")}
    return found


def test_every_behaviour_has_a_test_and_every_test_a_behaviour() -> None:
    named = [name for _, _, names, _ in TABLE for name in names.split()]
    assert sorted(named) == sorted(shown())


def test_every_recorded_program_shows_a_behaviour() -> None:
    assert sorted(name for *_, programs in TABLE for name in programs.split()) == sorted(PROGRAMS)


def cli() -> str:
    """The version of the CLI that the programs were recorded from: one for all."""
    versions = {json.loads(file.read_text("utf-8"))["cli"] for file in HERE.glob("recorded/*.json")}
    assert len(versions) == 1, f"recorded from several versions: {versions}; run python -m tests.stacks.record"
    return str(versions.pop())


def table() -> str:
    """Both tables: what the engine does, and where it differs from the CLI on purpose."""
    files = shown()
    lines = [
        f"The programs of the last column were carried out by the real Pulumi CLI {cli()}, and what it did (operations, calls, records, refusals) is kept in",
        "`tests/stacks/recorded/`: the embedded engine does the same, but for what the second table names. Rows without any are shown by our own tests alone.",
        "",
        "| topic | behaviour | shown by (`tests/stacks/test_engine_*.py`) | recorded from the CLI |",
        "|---|---|---|---|",
    ]
    for topic, behaviour, names, programs in TABLE:
        by_file: dict[str, list[str]] = {}
        for name in names.split():
            by_file.setdefault(files.get(name, "?"), []).append(name)
        shown_by = "; ".join(f"{file}: {', '.join(found)}" for file, found in by_file.items())
        lines.append(f"| {topic} | {behaviour} | {shown_by} | {', '.join(programs.split()) or '–'} |")
    lines += ["", "| program | what differs from the CLI | why |", "|---|---|---|"]
    lines += [f"| {item.program} | {item.what} | {item.why} |" for item in DIFFERENCES]
    return "\n".join(lines) + "\n"


def test_the_documentation_has_these_tables(request: pytest.FixtureRequest) -> None:
    text = DOC.read_text("utf-8")
    before, rest = text.split(BEGIN)
    made, after = rest.split(END)
    if request.config.getoption("--update-golden"):
        DOC.write_text(before + BEGIN + table() + END + after, "utf-8")
        return
    assert made == table(), "the tables differ: run pytest --update-golden"
