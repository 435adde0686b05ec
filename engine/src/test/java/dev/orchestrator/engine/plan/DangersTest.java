package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DangersTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      textBlock =
          """
          rm -rf a /b                     % delete /ws/a /b
          rm --forc a                     % delete /ws/a
          rm a                            %
          rm -- -f                        %
          rm -f "$x"                      % delete ?
          rm $x                           % delete ?
          rm -rf build/* .                % delete /ws/build /ws
          rm -rf */x                      % delete ?
          cd x; rm -r y                   % delete ?
          cd x && rm -r y                 % delete /ws/x/y
          command rm -f a                 % delete /ws/a
          a | xargs rm -f                 % delete ?
          find x -delete                  % delete /ws/x
          find . -exec rm -rf {} +        % delete ?
          sudo /bin/rm -rf /              % delete /
          $(rm -rf a)                     % delete /ws/a
          shred x                         % delete /ws/x
          truncate -s 0 x                 % truncate /ws/x
          : > x                           % truncate /ws/x
          dd if=a of=/dev/sda             % device /dev/sda
          mkfs.ext4 /dev/sda              % device !
          chmod -R 777 x                  % permissions /ws/x
          kill -9 -1                      % processes !
          reboot                          % machine !
          git clean -fdx                  % discard /ws
          git clean -n                    %
          git reset --hard HEAD           % discard /ws
          git -C sub checkout -- .        % discard /ws/sub
          git restore a                   % discard /ws
          git restore --staged a          %
          git push                        %
          git push -f                     % history !
          git -c a=b push --force-with-lease % history !
          git push origin +main           % history !
          git push origin :main           % history !
          git push --delete origin x      % history !
          git branch -D x                 % history !
          git stash drop                  % history !
          git $x                          % history !
          git status                      %
          """)
  void names_what_is_destroyed(String script, String dangers) {
    var plan = Shown.PLANS.ofScript(script, Shown.WORKSPACE);
    var shown = Dangers.in(plan).stream().map(DangersTest::show).collect(Collectors.joining("; "));

    assertThat(shown).isEqualTo(dangers == null ? "" : dangers);
  }

  private static String show(Danger it) {
    var shown = new StringBuilder(it.kind());
    it.targets().forEach(target -> shown.append(' ').append(target));
    if (it.beyondFiles()) {
      return shown.append(" !").toString();
    }
    return it.targetsKnown() ? shown.toString() : shown.append(" ?").toString();
  }
}
