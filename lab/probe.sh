# What the kernel lets the lab do: run as root of the lab's user namespace in the folder that is to hold disks. Prints `name yes` or `name no` a line.
say() { if "$@" > /dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
mkdir -p lower upper work merged
name=overlay say mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr merged
name=network-namespace say unshare -n true
exec unshare -n bash -c '
say() { if "$@" > /dev/null 2>&1; then echo "$name yes"; else echo "$name no"; fi; }
ip link set lo up
name=veth say ip link add probe0 type veth peer name probe1
name=bridge say ip link add probe2 type bridge
name=vrf say ip link add probe3 type vrf table 100
ip link set probe0 up; ip link set probe1 up
name=seg6 say ip -6 route add 2001:db8:1::/64 encap seg6 mode encap segs 2001:db8:2::1 dev probe0
name=seg6local say ip -6 route add 2001:db8:3::1/128 encap seg6local action End.DT6 table main dev probe0
name=netem say tc qdisc add dev probe0 root netem delay 1ms
'
