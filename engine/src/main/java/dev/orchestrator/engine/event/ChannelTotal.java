package dev.orchestrator.engine.event;

import dev.orchestrator.engine.event.Event.Channel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a session wrote to one channel, and how much of it is kept.
///
/// @param bytes everything that was written
/// @param spooled how many of them are in the spool
/// @param lost the ranges that are not; empty if nothing was lost
/// @param spool the first file of the channel's spool; null if nothing is kept
public record ChannelTotal(
    Channel channel, long bytes, long spooled, List<Loss> lost, @Nullable Path spool) {
  public ChannelTotal {
    lost = List.copyOf(lost);
  }

  /// Bytes that were written and are not in the spool.
  ///
  /// @param from first byte lost
  /// @param to the byte after the last one lost
  /// @param reason `cap`, `ephemeral`, or why the disk refused
  public record Loss(long from, long to, String reason) {}
}
