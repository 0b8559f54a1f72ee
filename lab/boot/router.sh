# Process 1 of a router. Factory state: interfaces up, daemons running, no address, no routing; configuration and keys survive a restart.
. /run/boot/env
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
for key in forwarding=1 seg6_enabled=1 accept_dad=0 keep_addr_on_down=1 ignore_routes_with_linkdown=1; do
    for file in /proc/sys/net/ipv6/conf/*/${key%=*}; do echo ${key#*=} > $file; done
done
for key in ipv4/ip_forward=1 ipv4/conf/all/rp_filter=0 ipv4/conf/default/rp_filter=0 ipv6/fib_multipath_hash_policy=1 ipv6/seg6_flowlabel=1 ipv6/icmp/ratelimit=0; do
    echo ${key#*=} > /proc/sys/net/${key%=*}
done
echo 0 65535 > /proc/sys/net/ipv4/ping_group_range # every login may ping, as on any Debian; there it is a package's sysctl, not a capability of the file
ip link add sr0 type bridge # no dummy driver needed: a bridge without ports does its job
for interface in /sys/class/net/*; do ip link set ${interface##*/} up; done

if [ ! -e /etc/ssh/ssh_host_ed25519_key ]; then
    ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key -C "$HOSTNAME"
    install -m 644 /run/boot/authorized_keys /etc/ssh/authorized_keys
    printf '127.0.0.1 localhost\n::1 localhost\n127.0.1.1 %s\n' "$HOSTNAME" > /etc/hosts
    echo "$HOSTNAME" > /etc/hostname
    printf 'hostname %s\nservice integrated-vtysh-config\n' "$HOSTNAME" > /etc/frr/frr.conf
    chown frr:frrvty /etc/frr/frr.conf
    chmod 660 /etc/frr/frr.conf
fi
install -d -m 755 /run/sshd
/usr/sbin/sshd
install -d -o frr -g frr -m 755 /run/frr
for daemon in mgmtd zebra staticd isisd bgpd bfdd; do
    case $daemon in zebra) options='-s 90000000' ;; *) options='' ;; esac # bytes of netlink buffer
    /usr/lib/frr/$daemon -d -A 127.0.0.1 $options
done
vtysh -b
touch /run/ready
# bash as process 1 reaps what is orphaned here
trap 'exit 0' PWR
trap 'exit 64' INT
while :; do sleep infinity & wait $!; done
