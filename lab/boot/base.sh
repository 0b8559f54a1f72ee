# base.sh STATE IMAGE HOSTNAME: becomes process 1 of one node, in mount, pid, uts, ipc and net namespaces of its own.
# The node's file system is an overlay on the image; STATE/boot goes to /run/boot, whose init.sh takes over.
set -e
cd "$1"
mkdir -p up work mnt lower
mount --bind "$2" lower
mount -t overlay overlay -o lowerdir=lower,upperdir=up,workdir=work,userxattr mnt # relative: a path may hold a comma or a colon
cd mnt
# mode=755 matters: in a sticky world-writable /dev the kernel's protected_regular refuses "> /dev/null"
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do : > dev/$device; mount --bind /dev/$device dev/$device; done # never the host's whole /dev
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
mount -t tmpfs -o mode=755 tmpfs run
mount -t proc proc proc
mount -t sysfs sysfs sys
cp -r ../boot run/boot
hostname "$3"
mkdir -p .old
pivot_root . .old # not chroot: that forbids nested user namespaces
exec /bin/bash -c 'umount -l /.old; rmdir /.old; exec /bin/bash /run/boot/init.sh' < /dev/null
