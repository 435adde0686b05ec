package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.Provider.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client of a scripted server, and what it is asked. Does not wait between attempts.
final class Asking implements AutoCloseable {
  final ScriptedModelServer server;
  final FakePace pace = new FakePace();
  final Heard heard = new Heard();
  final Map<String, String> variables = new HashMap<>();
  Wire wire = Wire.RESPONSES;
  Credential credential = new Credential.None();
  int requestRetries = Provider.REQUEST_RETRIES;
  int streamRetries = Provider.STREAM_RETRIES;
  Duration idle = Duration.ofSeconds(20);
  Limits limits = Limits.DEFAULT;

  Asking(ScriptedModelServer server) {
    this.server = server;
  }

  static Asking of(ScriptedModelServer.Answer... answers) throws Exception {
    return new Asking(ScriptedModelServer.start(answers));
  }

  Provider provider(String baseUrl) {
    return new Provider(
        "mine",
        "Mine",
        baseUrl,
        wire,
        Map.of(),
        Map.of(),
        Map.of(),
        requestRetries,
        streamRetries,
        idle,
        credential);
  }

  HttpModelClient client(Provider provider) {
    return new HttpModelClient(provider, variables::get, "1.2.3", pace, limits);
  }

  ModelClient.Reply ask(ModelRequest request) throws Exception {
    try (var client = client(provider(server.baseUrl()))) {
      return client.ask(request, heard);
    }
  }

  ModelClient.Reply ask() throws Exception {
    return ask(request(ResponseItem.user("do it")));
  }

  ModelFailure failure() throws Exception {
    try {
      throw new AssertionError("no failure but " + ask());
    } catch (ModelFailure it) {
      return it;
    }
  }

  static ModelRequest request(ResponseItem... input) {
    return new ModelRequest(
        "gpt-5.5", List.of(input), List.of(), true, Map.of(), Map.of(), "thread-1", Map.of());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
