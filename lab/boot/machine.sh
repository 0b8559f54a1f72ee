# Process 1 of a machine: addresses, first boot once, then the services of runlevel 2 as sysvinit would start them. Standard output is the console.
. /run/boot/env
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
ip link set lo up
echo 0 | tee /proc/sys/net/ipv6/conf/*/accept_dad /proc/sys/net/ipv6/conf/*/accept_ra > /dev/null
if [ -e /run/boot/filter.nft ]; then nft -f /run/boot/filter.nft; fi
for port in $PORTS; do ip link set $port up; done
while read -r port address; do ip address add $address dev $port; done < /run/boot/addresses
for gateway in $GATEWAYS; do ip route add default via $gateway; done

if [ ! -e /var/lib/first-boot-done ]; then
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key -C "$HOSTNAME"
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$HOSTNAME" > /etc/hosts
    echo "$HOSTNAME" > /etc/hostname
    install -d -o ops -g ops -m 700 /home/ops/.ssh
    install -o ops -g ops -m 600 /run/boot/authorized_keys /home/ops/.ssh/authorized_keys
    for service in $DISABLED; do rm -f /etc/rc2.d/S*$service; done
    if [ -e /run/boot/first.sh ]; then bash /run/boot/first.sh || exit 1; fi
fi
install -d -m 755 /run/sshd /run/lock
for service in /etc/rc2.d/S*; do $service start; done
if [ ! -e /var/lib/first-boot-done ]; then
    touch /var/lib/first-boot-done
    if [ -e /run/boot/user-data ]; then install -m 700 /run/boot/user-data /var/lib/user-data; /var/lib/user-data; fi
    echo '-----BEGIN SSH HOST KEY KEYS-----' # the lines of cloud-init, by which host keys are learnt from a cloud's console
    cat /etc/ssh/ssh_host_*_key.pub
    echo '-----END SSH HOST KEY KEYS-----'
fi
echo "$HOSTNAME login:"
touch /run/ready

down() {
    for service in $(ls -r /etc/rc2.d/S*); do $service stop; done
    exit $1
}
trap 'down 0' PWR # poweroff
trap 'down 64' INT # reboot: the supervisor starts it again
while :; do sleep infinity & wait $!; done
