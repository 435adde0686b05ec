package dev.orchestrator.engine.event;

/// A sign that the sandbox stopped something.
///
/// @param grade `proved` by the kernel, `explained` by an error line about something this
///   confinement denies, or `guessed` from words alone
/// @param opening the smallest thing that would have to be allowed, for people
/// @param evidence the line or signal it was seen by
public record DenialFound(String grade, String opening, String evidence) {}
