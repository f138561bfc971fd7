using System.Text;
using PolyClaw.Core.Actions;
using PolyClaw.Core.Goals;
using PolyClaw.Core.Planning;

namespace PolyClaw.Core.Policy;

/// <summary>
/// What a person is shown when asked to approve: the action itself, whole, written by code and never by a model. Everything but printable
/// ASCII is escaped, so nothing in it can hide, turn direction, colour or break a line.
/// </summary>
public static class ApprovalText
{
    private const int LongestKnown = 1_000;

    /// <summary>The action's name and its canonical parameters: two actions with one text have one digest.</summary>
    /// <param name="action">The action, references expanded.</param>
    public static string Of(PlanAction action) =>
        action.ActionName + " " + Encoding.UTF8.GetString(CanonicalJson.Write(ActionFormat.WriteParameters(action)));

    /// <summary>The question of an approval: the whole action, then why it is asked.</summary>
    /// <param name="action">The action, references expanded.</param>
    /// <param name="reasons">Which rules ask.</param>
    public static string Question(PlanAction action, IReadOnlyList<Fault> reasons) =>
        $"Allow this once?\n{Of(action)}\nWhy it is asked: {string.Join("; ", reasons.Select(r => r.Message))}";

    /// <summary>The question about a step that was cut off: the whole action, then what is known of its end.</summary>
    /// <param name="action">The action, references expanded.</param>
    /// <param name="known">What is known; a child may have written part of it.</param>
    public static string Doubt(PlanAction action, string? known) =>
        $"It is not known whether this happened:\n{Of(action)}\n{PlainText.Clean(known ?? "", LongestKnown)}";
}
