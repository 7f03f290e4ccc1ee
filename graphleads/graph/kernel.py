"""How the kernels of a query are compiled."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped, unused-ignore]
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

# A query's kernels make no arrays, they fill those that they are given: counting references to them, which numba does
# with an atomic instruction each time that an array is taken out of a tuple, would cost more than the walk itself.
kernel = njit(cache=True, nogil=True, _nrt=False)
"""Compiles a function that Python calls; other threads go on meanwhile."""

part = njit(cache=True, nogil=True, _nrt=False, forceinline=True)
"""Compiles a function that becomes a part of the kernels that call it."""


@intrinsic
def prefetch(_: Any, array: types.Array, at: types.Integer) -> tuple[Any, Any]:  # noqa: ARG001 (numba reads the name)
    """Have the memory of `array[at]` on its way before it is needed; the kernel does not wait for it."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, args[0])
        place = builder.bitcast(builder.gep(view.data, [args[1]]), cgutils.voidptr_t)
        word = ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, word, word, word])
        fetch = cgutils.get_or_insert_function(builder.module, form, "llvm.prefetch.p0i8")
        # To be read, to be kept in all caches, data.
        builder.call(fetch, [place, word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate
