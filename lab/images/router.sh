# Run once in the router's image: logins, SSH server, and an FRR without configuration. Per-router files come at boot.
useradd --create-home --shell /usr/bin/vtysh --groups frr,frrvty netops
useradd --create-home --shell /bin/bash --groups frr,frrvty auto
usermod --password '*' netops # no password fits, yet not locked: sshd refuses keys of locked accounts
usermod --password '*' auto
for user in netops auto; do
    install -d -o $user -g $user -m 700 /home/$user/.ssh
    ln -s /etc/ssh/authorized_keys /home/$user/.ssh/authorized_keys
done

cat > /etc/sudoers.d/auto <<'END'
auto ALL=(root) NOPASSWD: /usr/lib/frr/frr-reload.py, /usr/bin/vtysh, /usr/bin/tcpdump, /usr/sbin/ip, /usr/bin/ip, /usr/sbin/nft
END
chmod 440 /etc/sudoers.d/auto

rm -f /etc/ssh/ssh_host_*
cat > /etc/ssh/sshd_config <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
AuthorizedKeysFile /etc/ssh/authorized_keys
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 100
MaxSessions 50
Subsystem sftp internal-sftp
END

for daemon in mgmtd zebra staticd isisd bgpd bfdd; do echo "$daemon=yes"; done > /etc/frr/daemons
echo 'vtysh_enable=yes' >> /etc/frr/daemons
echo 'service integrated-vtysh-config' > /etc/frr/vtysh.conf
# `write memory` makes a new file beside the old one, as whoever logged in
chown -R frr:frrvty /etc/frr
chmod 2775 /etc/frr
