package dev.orchestrator.engine.patch;

/// What stands at a path, links not followed.
enum FileKind {
  NOTHING,
  FILE,
  FOLDER,
  LINK,
  /// A pipe, a socket, a device.
  OTHER
}
