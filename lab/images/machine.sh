# Run once in the machines' image: the operators' login and SSH server. Per-machine files come at boot.
useradd --create-home --shell /bin/bash ops
usermod --password '*' ops # no password fits, yet not locked: sshd refuses keys of locked accounts
echo 'ops ALL=(ALL:ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops
chmod 440 /etc/sudoers.d/ops

rm -f /etc/ssh/ssh_host_*
cat > /etc/ssh/sshd_config <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin no
UseDNS no
PrintMotd no
PrintLastLog no
MaxStartups 100
MaxSessions 50
AcceptEnv LANG LC_*
Subsystem sftp internal-sftp
END

# There is no systemd here; process 1 (lab/boot/machine.sh) powers off when it is told so
for command in poweroff halt shutdown; do
    printf '#!/bin/sh\nkill -PWR 1\n' > /usr/sbin/$command
    chmod 755 /usr/sbin/$command
done
printf '#!/bin/sh\nkill -INT 1\n' > /usr/sbin/reboot
chmod 755 /usr/sbin/reboot
rm -f /etc/nginx/sites-enabled/default

# BIND is for the cloud's zones (lab/cloud/inside/xylab/designate.py), which are not a machine's
update-rc.d -f named remove
