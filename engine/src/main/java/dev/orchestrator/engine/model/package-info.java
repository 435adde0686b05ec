/// One client per wire protocol, and the cassette.
///
/// | start with         | for                                                      |
/// |--------------------|----------------------------------------------------------|
/// | [ModelClient]      | asking a model                                           |
/// | [HttpModelClient]  | the client of a provider: retries, limits, what is said  |
/// | [Responses]        | the Responses protocol                                   |
/// | [Chat]             | the Chat Completions protocol                            |
/// | [Cassette]         | keeping what a model said, and saying it again           |
/// | [ResponseItem]     | one entry of a conversation                              |
///
/// **Depends on** `event`, `secret`, `wire`. **Invariant:** whatever a provider sends, asking ends
/// with a reply or a [ModelFailure], within limits of time and memory; the only package that uses
/// the JDK's HTTP client.
///
/// **Threads:** a client has one thread that selects and a few that carry bytes, all daemons, from
/// its first request until it is closed; the protocol runs on the thread that asks.
@NullMarked
package dev.orchestrator.engine.model;

import org.jspecify.annotations.NullMarked;
