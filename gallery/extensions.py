"""Flask extensions, created here and bound in `create_app`."""

from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
# While Redis does not answer each process counts by itself: limits are looser then, and nobody is refused for it.
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True)
