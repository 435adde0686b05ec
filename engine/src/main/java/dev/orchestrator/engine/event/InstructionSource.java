package dev.orchestrator.engine.event;

import java.nio.file.Path;

/// A file of instructions for the model.
///
/// @param file absolute
/// @param sha256 of the whole file, in hexadecimal
/// @param bytes how many of its bytes go to the model
/// @param cutBytes how many were left out, because there were too many
public record InstructionSource(Path file, String sha256, long bytes, long cutBytes) {}
