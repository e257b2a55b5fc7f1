#!/nowhere/python3
