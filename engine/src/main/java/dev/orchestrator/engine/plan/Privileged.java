package dev.orchestrator.engine.plan;

import java.util.List;
import java.util.Set;

/// Variables that make a program run something else than it says, or behave in another way.
///
/// A rule or a grant for a program never covers a command that sets one of them.
public final class Privileged {
  private static final Set<String> NAMES =
      Set.of(
          "PATH",
          "BASH_ENV",
          "ENV",
          "IFS",
          "SHELLOPTS",
          "BASHOPTS",
          "PS4",
          "PROMPT_COMMAND",
          "PYTHONPATH",
          "PYTHONSTARTUP",
          "PYTHONHOME",
          "PYTHONINSPECT",
          "PYTHONBREAKPOINT",
          "PYTHONWARNINGS",
          "NODE_OPTIONS",
          "NODE_PATH",
          "NODE_EXTRA_CA_CERTS",
          "JAVA_TOOL_OPTIONS",
          "_JAVA_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "JAVA_OPTS",
          "JAVA_HOME",
          "CLASSPATH",
          "MAVEN_OPTS",
          "MAVEN_ARGS",
          "GRADLE_OPTS",
          "ANT_OPTS",
          "SBT_OPTS",
          "PERL5OPT",
          "PERL5LIB",
          "PERL5DB",
          "PERLLIB",
          "RUBYOPT",
          "RUBYLIB",
          "LUA_PATH",
          "LUA_CPATH",
          "LUA_INIT",
          "PHPRC",
          "PHP_INI_SCAN_DIR",
          "EDITOR",
          "VISUAL",
          "PAGER",
          "MANPAGER",
          "BROWSER",
          "LESSOPEN",
          "LESSCLOSE",
          "LESS",
          "TEXEDIT",
          "SSH_ASKPASS",
          "SUDO_ASKPASS",
          "RSYNC_RSH",
          "CVS_RSH",
          "SHELL",
          "HOME",
          "CDPATH",
          "ZDOTDIR",
          "FPATH",
          "GLOBIGNORE",
          "HISTFILE",
          "TERMINFO",
          "TERMCAP",
          "OPENSSL_CONF",
          "CURL_HOME",
          "MAKEFLAGS",
          "MAKEFILES",
          "MFLAGS",
          "GNUMAKEFLAGS",
          "CC",
          "CXX",
          "RUSTC",
          "RUSTC_WRAPPER",
          "RUSTC_WORKSPACE_WRAPPER",
          "RUSTFLAGS",
          "GOFLAGS",
          "GOROOT",
          "GOPROXY",
          "DOCKER_HOST",
          "KUBECONFIG",
          "XDG_CONFIG_HOME",
          "INPUTRC",
          "WGETRC");
  private static final List<String> PREFIXES =
      List.of(
          "LD_",
          "DYLD_",
          "GIT_",
          "BASH_FUNC_",
          "NPM_CONFIG_",
          "npm_config_",
          "PIP_",
          "CARGO_",
          "COMPlus_",
          "DOTNET_STARTUP");

  private Privileged() {}

  /// Whether setting this variable is more than passing a value on.
  public static boolean isPrivileged(String variable) {
    return NAMES.contains(variable) || PREFIXES.stream().anyMatch(variable::startsWith);
  }

  /// The names among a command's assignments that no rule for a program covers.
  public static List<String> assignments(Command command) {
    return command.assignments().stream()
        .map(Command.Assignment::name)
        .filter(Privileged::isPrivileged)
        .distinct()
        .toList();
  }
}
