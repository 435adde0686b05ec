package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.model.ResponseItem;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tool `view_image`: lets the model look at a picture of this machine.
final class ViewImage implements ModelTool {
  private final Path directory;

  ViewImage(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "view_image";
  }

  @Override
  public Map<String, @Nullable Object> description() {
    return Descriptions.VIEW_IMAGE;
  }

  @Override
  public ToolAnswer call(ResponseItem call, Runnable begun) throws BadArguments {
    var named = Arguments.of(call).required("path");
    try {
      return new ToolAnswer.Image(Pictures.url(directory.resolve(named)));
    } catch (IOException | InvalidPathException e) {
      throw new BadArguments("unable to locate image at `%s`: %s".formatted(named, e.getMessage()));
    }
  }
}
