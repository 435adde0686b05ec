# Starts one process of each kind that tries to outlive its run, then becomes one itself.
# $1: what each of them carries in its command line; $2: a folder where each says that it is ready.
token=$1 ready=$2
say='open my $f, ">", "$ARGV[1]/$ARGV[2]" or die; close $f;'
stay='sleep 1 while 1;'
deaf='$SIG{$_} = "IGNORE" for qw(TERM HUP INT);'
daemon='exit if fork; POSIX::setsid(); exit if fork;'
shut='POSIX::close($_) for 0..255;'

perl -e "$say $stay" "$token" "$ready" plain >/dev/null &
perl -MPOSIX -e "POSIX::setsid(); $say $stay" "$token" "$ready" setsid >/dev/null &
perl -MPOSIX -e "$daemon $say $stay" "$token" "$ready" double-fork >/dev/null &
perl -e "$deaf $say $stay" "$token" "$ready" deaf >/dev/null &
perl -MPOSIX -e "$shut $say $stay" "$token" "$ready" closed &
perl -MPOSIX -e "POSIX::setsid(); $say $stay" "$token" "$ready" holds-output &
env -i perl -MPOSIX -e "POSIX::setsid(); $say $stay" "$token" "$ready" no-environment >/dev/null &
perl -e "$say kill STOP => \$\$; $stay" "$token" "$ready" stopped >/dev/null &
env -i perl -MPOSIX -e "$deaf $shut $daemon $say $stay" "$token" "$ready" everything &
trap '' TERM HUP INT
exec perl -e "$say $stay" "$token" "$ready" leader
