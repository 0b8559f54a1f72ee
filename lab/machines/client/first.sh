# First boot of the hall's terminal.
set -e
cd /run/boot
. ./role.env
useradd --system --no-create-home --shell /usr/sbin/nologin xyclient
install -d /opt/client
install -m 644 client.py /opt/client/client.py
install -d -o xyclient -g xyclient -m 755 /var/lib/client
set -- $USES # the first system of those that it could use
echo "URL='http://[$1]/records'" > /etc/default/xy-client
install -m 755 xy-client.init /etc/init.d/xy-client
update-rc.d xy-client defaults
