package dev.orchestrator.app.link;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The program and its libraries in one file.
///
/// The JDK looks for services in every jar of the class path, even where it has found one, and some
/// of its own classes do so at every start. Opening one jar instead of two dozen saves a tenth of
/// the time.
final class OneJar {
  private static final String SERVICES = "META-INF/services/";
  private static final String CLASS = ".class";

  /// Of no use here: other systems' code, the build's traces, and what says how a jar was signed or
  /// put together.
  private static final Pattern LEFT_OUT =
      Pattern.compile(
          "META-INF/(maven|proguard|native-image|versions)/.*|META-INF/.*[.](SF|RSA|DSA|kotlin_module)"
              + "|META-INF/(MANIFEST[.]MF|INDEX[.]LIST)|(.*/)?module-info[.]class"
              + "|com/sun/jna/platform/(win32|mac)/.*|com/sun/jna/[a-z0-9-]+/(lib)?jnidispatch.*"
              + "|resources/com/pty4j/.*|lib/[^/]*[.](so|dylib|dll)");

  /// Every library has its own.
  private static final Pattern LICENCE =
      Pattern.compile("(META-INF/)?(LICENSE|LICENCE|NOTICE|AL2[.]0|LGPL2[.]1)[^/]*");

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private OneJar() {}

  static void write(Path into, Path program, UnaryOperator<byte[]> link) throws IOException {
    var one = new OneJar();
    Manifest manifest;
    try (var jar = new JarFile(program.toFile())) {
      manifest = jar.getManifest();
    }
    var libraries = manifest.getMainAttributes().remove(Attributes.Name.CLASS_PATH);
    one.add(program, link);
    for (var it : String.valueOf(libraries).split(" ", -1)) {
      one.add(program.resolveSibling(it), link);
    }
    // What makes zips writes their headers byte by byte.
    try (var file = new BufferedOutputStream(Files.newOutputStream(into))) {
      one.write(manifest, file);
    }
  }

  private void add(Path file, UnaryOperator<byte[]> link) throws IOException {
    // The classes that this runtime would take, if there are several for different ones.
    try (var jar = new JarFile(file.toFile(), true, JarFile.OPEN_READ, JarFile.runtimeVersion())) {
      var names = new ArrayList<String>();
      jar.versionedStream().filter(it -> !it.isDirectory()).forEach(it -> names.add(it.getName()));
      for (var name : names) {
        if (!LEFT_OUT.matcher(name).matches()) {
          byte[] bytes;
          try (var in = jar.getInputStream(jar.getJarEntry(name))) {
            bytes = in.readAllBytes();
          }
          add(named(file, name), name.endsWith(CLASS) ? link.apply(bytes) : bytes);
        }
      }
    }
  }

  private static String named(Path file, String name) {
    return LICENCE.matcher(name).matches()
        ? "META-INF/licences/%s/%s".formatted(file.getFileName(), name.replace("META-INF/", ""))
        : name;
  }

  /// The first one holds, as on a class path; services add up.
  private void add(String name, byte[] bytes) {
    if (name.startsWith(SERVICES)) {
      entries.merge(name, bytes, OneJar::lines);
    } else {
      entries.putIfAbsent(name, bytes);
    }
  }

  private static byte[] lines(byte[] some, byte[] more) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(some);
    all.write('\n');
    all.writeBytes(more);
    return all.toByteArray();
  }

  private void write(Manifest manifest, OutputStream file) throws IOException {
    try (var zip = new ZipOutputStream(file)) {
      put(zip, JarFile.MANIFEST_NAME, bytes(manifest));
      for (var it : entries.entrySet()) {
        put(zip, it.getKey(), it.getValue());
      }
    }
  }

  private static byte[] bytes(Manifest manifest) throws IOException {
    var out = new ByteArrayOutputStream();
    manifest.write(out);
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    var entry = new ZipEntry(name);
    entry.setTime(0); // The same bytes make the same jar.
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
