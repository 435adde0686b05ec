package dev.orchestrator.app.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is linked ahead does what the JVM would have made.
class LinkAheadTest {
  /// Everything that javac leaves to the JVM, asked by name so that a rewritten copy can be asked.
  public static final class Subject implements Function<String, Object> {
    sealed interface Shape permits Circle, Square, Shape.None {
      enum None implements Shape {
        NONE
      }
    }

    record Circle(double radius, @Nullable String name) implements Shape {}

    record Square(int side, long area, boolean big, byte b, short s, char c, float f)
        implements Shape {}

    @Override
    public Object apply(String question) {
      return switch (question) {
        case "shapes" -> List.of(of(new Circle(1, "c")), of(square(2)), of(Shape.None.NONE));
        case "null" -> ofAny(null);
        case "text" -> ofAny("abc");
        case "long text" -> ofAny("abcdef");
        case "number" -> ofAny(7);
        case "other" -> ofAny('x');
        case "equal" ->
            List.of(
                square(2).equals(square(2)),
                square(2).equals(square(3)),
                new Circle(Double.NaN, null).equals(new Circle(Double.NaN, null)),
                new Circle(0.0, "a").equals(new Circle(-0.0, "a")),
                new Circle(1, "a").equals(new Circle(1, null)),
                new Circle(1, "a").equals((Object) "a"));
        case "hash" -> List.of(square(2).hashCode(), new Circle(1.5, null).hashCode());
        case "string" -> square(2).toString();
        default -> throw new IllegalArgumentException(question);
      };
    }

    private static Square square(int side) {
      return new Square(side, (long) side * side, side > 2, (byte) 1, (short) 2, 'c', 0.5f);
    }

    private static String of(Shape shape) {
      return switch (shape) {
        case Circle(double radius, var _) -> "circle " + radius;
        case Square it -> "square " + it.side();
        case Shape.None _ -> "none";
      };
    }

    private static String ofAny(@Nullable Object any) {
      return switch (any) {
        case null -> "nothing";
        case String it when it.length() > 5 -> "long";
        case String _ -> "text";
        case Integer it -> "number " + it;
        default -> "other";
      };
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shapes",
        "null",
        "text",
        "long text",
        "number",
        "other",
        "equal",
        "hash",
        "string"
      })
  void answers_as_before(String question) throws Exception {
    assertThat(linked().apply(question)).isEqualTo(new Subject().apply(question));
  }

  @Test
  void leaves_nothing_to_be_made_at_run_time_but_lambdas_and_texts() throws Exception {
    for (var name : List.of("", "$Circle", "$Square")) {
      assertThat(bootstraps(linkedBytes(Subject.class.getName() + name)))
          .as(name)
          .doesNotContain("typeSwitch")
          .allMatch(it -> !it.equals("bootstrap") || name.startsWith("$"));
    }
    assertThat(bootstraps(bytes(Subject.class.getName()))).contains("typeSwitch");
  }

  @Test
  void leaves_a_class_alone_that_has_nothing_to_link() throws Exception {
    var bytes = bytes(Linked.class.getName().replace("Linked", "NativeLibraries"));

    assertThat(new LinkAhead(getClass().getClassLoader()).link(bytes)).isSameAs(bytes);
  }

  private static List<String> bootstraps(byte[] bytes) {
    return ClassFile.of().parse(bytes).methods().stream()
        .flatMap(it -> it.code().stream())
        .flatMap(it -> it.elementStream())
        .filter(InvokeDynamicInstruction.class::isInstance)
        .map(it -> ((InvokeDynamicInstruction) it).bootstrapMethod().methodName())
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static Function<String, Object> linked() throws Exception {
    var names = List.of("", "$Shape", "$Shape$None", "$Circle", "$Square");
    var classes = new HashMap<String, byte[]>();
    for (var name : names) {
      var full = Subject.class.getName() + name;
      classes.put(full, linkedBytes(full));
    }
    return (Function<String, Object>)
        new Linking(Map.copyOf(classes))
            .loadClass(Subject.class.getName())
            .getDeclaredConstructor()
            .newInstance();
  }

  private static byte[] linkedBytes(String name) throws IOException {
    return new LinkAhead(LinkAheadTest.class.getClassLoader()).link(bytes(name));
  }

  private static byte[] bytes(String name) throws IOException {
    var file = "/" + name.replace('.', '/') + ".class";
    try (var in = Objects.requireNonNull(LinkAheadTest.class.getResourceAsStream(file), file)) {
      return in.readAllBytes();
    }
  }

  /// Has its own copies of some classes.
  private static final class Linking extends ClassLoader {
    private final Map<String, byte[]> classes;

    Linking(Map<String, byte[]> classes) {
      super(LinkAheadTest.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      var bytes = classes.get(name);
      if (bytes == null) {
        return super.loadClass(name, resolve);
      }
      var loaded = findLoadedClass(name);
      return loaded == null ? defineClass(name, bytes, 0, bytes.length) : loaded;
    }
  }
}
